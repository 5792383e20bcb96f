-- expect: stopped time
-- Raises an error whose text is never ready, for the report to wait for it.
runbook {}
error(setmetatable({}, { __tostring = function() while true do end end }))
