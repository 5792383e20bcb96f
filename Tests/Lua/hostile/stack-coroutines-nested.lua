-- expect: failed C stack overflow
-- Runs a coroutine in a coroutine in a coroutine.
runbook {}
local function deep() return coroutine.wrap(deep)() end
return deep()
