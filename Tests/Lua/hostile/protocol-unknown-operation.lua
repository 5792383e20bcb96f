-- expect: failed there is no users.destroy ; line 4
-- Calls an operation that there is not.
runbook { needs = { "users:delete" } }
users.destroy(1)
