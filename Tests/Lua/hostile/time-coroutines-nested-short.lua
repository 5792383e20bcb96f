-- expect: stopped time
-- Nests short coroutines in one another, so that each begins its count anew.
runbook {}
local function nest(depth)
  if depth > 0 then coroutine.wrap(nest)(depth - 1) end
end
while true do nest(60) end
