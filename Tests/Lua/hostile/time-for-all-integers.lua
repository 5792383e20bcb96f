-- expect: stopped time ; line 4
-- Counts through all integers that there are.
runbook {}
for _ = math.mininteger, math.maxinteger do end
