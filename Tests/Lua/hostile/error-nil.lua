-- expect: failed nil ; line 4
-- Raises nothing at all.
runbook {}
error(nil)
