-- expect: succeeded 12
-- Calls an operation with arguments of every wrong kind.
runbook { needs = { "users:read", "roles:read" } }
local refused = 0
local values = { "1", -1.5, 1e300, 0 / 0, 1 / 0, {}, { 1 }, true, print, null, "", "\0" }
for _, value in ipairs(values) do
  local ok, failure = pcall(users.get, value)
  if not ok and failure.kind == "invalid_argument" then refused = refused + 1 end
end
return refused
