-- expect: stopped time
-- Loops in a message handler, where no hook may yield.
runbook {}
xpcall(error, function() while true do end end)
return "went on"
