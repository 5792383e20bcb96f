-- expect: failed 'for' step is zero ; line 4
-- Counts from one to ten in steps of nothing.
runbook {}
for _ = 1, 10, 0 do end
