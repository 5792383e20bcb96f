-- expect: failed result.self ; nowhere
-- Returns a table that holds itself.
runbook {}
local t = {}
t.self = t
return t
