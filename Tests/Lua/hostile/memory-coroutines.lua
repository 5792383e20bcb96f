-- expect: stopped memory
-- Keeps millions of coroutines, none of which has begun.
runbook {}
local kept = {}
while true do kept[#kept + 1] = coroutine.create(print) end
