-- expect: failed nothing was sent ; line 4
-- Passes a function to an operation.
runbook { needs = { "users:update" } }
users.update(1, { login = print, name = "x" })
