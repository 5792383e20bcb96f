-- expect: stopped time
-- Sorts a table that says it has two thousand million elements.
runbook {}
table.sort(setmetatable({}, { __len = function() return 2000000000 end }), function() return false end)
