-- expect: stopped time
-- Makes coroutines and closes them before they have begun.
runbook {}
local function nothing() end
while true do coroutine.close(coroutine.create(nothing)) end
