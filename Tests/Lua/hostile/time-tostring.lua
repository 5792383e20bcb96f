-- expect: stopped time
-- Logs a value whose text is never ready.
runbook {}
print(setmetatable({}, { __tostring = function() while true do end end }))
