-- expect: stopped time
-- Makes short coroutines where nothing can yield to the host.
runbook {}
local function nothing() end
table.sort({ 2, 1 }, function() while true do coroutine.wrap(nothing)() end end)
