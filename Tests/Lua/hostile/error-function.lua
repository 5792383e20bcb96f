-- expect: failed function: 1 ; line 4
-- Raises a function.
runbook {}
error(print)
