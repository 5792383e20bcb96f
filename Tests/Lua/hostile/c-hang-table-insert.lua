-- expect: stopped time ; confined only
-- Inserts at the front of a table that says it is 2^62 long.
runbook {}
table.insert(setmetatable({}, { __len = function() return 1 << 62 end }), 1, "x")
