-- expect: stopped time ; confined only
-- Moves 2^62 values that are not there.
runbook {}
return table.move({}, 1, 1 << 62, 2)
