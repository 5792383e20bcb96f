-- expect: stopped time ; line 4 ; limits time=2s
-- Counts through all integers that there are.
runbook {}
for _ = math.mininteger, math.maxinteger do end
