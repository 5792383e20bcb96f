-- expect: failed the limit time must be a duration ; line 3
-- Declares limits that are no numbers or less than nothing.
runbook { limits = { changes = -1, time = "-5m", memory = 1e300 } }
