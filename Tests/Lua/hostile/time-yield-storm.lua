-- expect: stopped time
-- Yields for ever from one coroutine to the next.
runbook {}
local forever = coroutine.wrap(function() while true do coroutine.yield() end end)
while true do forever() end
