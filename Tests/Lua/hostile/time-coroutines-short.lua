-- expect: stopped time
-- Makes coroutines too short for a hook to count up to its next turn.
runbook {}
local function nothing() end
while true do coroutine.wrap(nothing)() end
