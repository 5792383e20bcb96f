-- expect: failed the limit memory must be a size ; line 3
-- Declares a limit that no integer can hold.
runbook { limits = { memory = 1e300 } }
