-- expect: failed false ; line 4
-- Raises false, which looks like no error.
runbook {}
error(false)
