-- expect: stopped time
-- Stacks generators on one another, so that each step runs through all of them.
runbook {}
local step = coroutine.wrap(function() while true do coroutine.yield(1) end end)
for _ = 1, 100 do
  local below = step
  step = coroutine.wrap(function() while true do coroutine.yield(below()) end end)
end
while true do step() end
