-- expect: failed table: 1 ; line 6
-- Raises a table that holds itself.
runbook {}
local t = {}
t.t = t
error(t)
