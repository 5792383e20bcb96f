-- expect: stopped time ; confined only
-- Joins 2^62 empty strings that one C function gets from another.
runbook {}
local empty = setmetatable({}, { __index = table.concat })
return table.concat(setmetatable({}, { __index = empty, __len = function() return 1 << 62 end }))
