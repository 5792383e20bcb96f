-- expect: stopped memory
-- Keeps coroutines that wait deep inside.
runbook {}
local kept = {}
local function deep(n)
  if n == 0 then coroutine.yield() else return deep(n - 1) or n end
end
while true do
  local inner = coroutine.create(deep)
  coroutine.resume(inner, 100)
  kept[#kept + 1] = inner
end
