-- expect: stopped time
-- Never answers which of two values sorts first.
runbook {}
table.sort({ 3, 1, 2 }, function() while true do end end)
