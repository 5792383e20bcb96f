-- expect: stopped time ; confined only
-- Removes from the front of a table that says it is 2^62 long.
runbook {}
table.remove(setmetatable({}, { __len = function() return 1 << 62 end }), 1)
