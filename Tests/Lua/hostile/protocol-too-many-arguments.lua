-- expect: failed users.get ; line 6
-- Calls an operation with two hundred thousand arguments.
runbook { needs = { "users:read" } }
local arguments = {}
for index = 1, 200000 do arguments[index] = index end
users.get(table.unpack(arguments))
