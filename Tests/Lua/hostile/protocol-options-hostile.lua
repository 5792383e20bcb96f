-- expect: failed timeout ; line 4
-- Gives a call a time-out of less than nothing.
runbook { needs = { "users:read" } }
users.get(1, { timeout = -1 })
