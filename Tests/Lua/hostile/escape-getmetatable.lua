-- expect: succeeded 9
-- Looks for a metatable of the host's that it can get hold of and change.
runbook { needs = { "users:read" } }
local _, failure = pcall(users.get, {})
local protected = 0
for _, value in ipairs { "", null, users, log, json, os, io, failure, secrets.generate(8) } do
  if type(getmetatable(value)) ~= "table" then protected = protected + 1 end
end
return protected
