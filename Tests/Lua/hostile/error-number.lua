-- expect: failed 42 ; line 4
-- Raises a bare number as an error.
runbook {}
error(42)
