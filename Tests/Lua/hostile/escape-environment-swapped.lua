-- expect: succeeded ["user7","nothing"] ; sends users.get=1
-- Runs under an environment of its own that answers and swallows everything.
local real = _ENV
local _ENV = setmetatable({}, { __index = function(_, name) return real[name] end, __newindex = function() end })
runbook { needs = { "users:read" } }
stolen = users.get(7)
return { users.get and real.users.get ~= nil and (function() return users end)() and "user7", stolen == nil and "nothing" or "kept" }
