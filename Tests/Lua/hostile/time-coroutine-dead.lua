-- expect: stopped time
-- Resumes a dead coroutine for ever.
runbook {}
local dead = coroutine.create(function() end)
coroutine.resume(dead)
while true do coroutine.resume(dead) end
