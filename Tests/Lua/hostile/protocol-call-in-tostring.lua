-- expect: failed a call cannot be made inside ; line 4
-- Calls the host in the making of a text to be logged.
runbook { needs = { "users:read" } }
print(setmetatable({}, { __tostring = function() return users.get(1).login end }))
