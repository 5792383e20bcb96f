-- expect: failed nothing was sent ; line 6
-- Passes a table that holds itself to an operation.
runbook { needs = { "users:update" } }
local user = { login = "x", name = "x" }
user.role = { id = user }
users.update(1, user)
