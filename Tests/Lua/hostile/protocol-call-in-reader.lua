-- expect: failed a call cannot be made inside ; line 4
-- Calls the host from the reader of load.
runbook { needs = { "users:read" } }
assert(load(function() return users.get(1).login end))
