-- expect: failed nothing was denied ; line 4
-- Raises a table that looks like a refusal of the host.
runbook {}
error({ kind = "denied", status = 403, operation = "users.get", message = "nothing was denied", where = "other.lua:1" })
