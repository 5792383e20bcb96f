-- expect: failed null ; line 4
-- Raises the constant null as an error.
runbook {}
error(null)
