-- expect: failed attempt to yield across a C-call boundary
-- Yields where Lua cannot.
runbook {}
local inner = coroutine.wrap(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end)
inner()
