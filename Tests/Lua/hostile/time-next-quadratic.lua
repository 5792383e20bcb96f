-- expect: stopped time
-- Walks a large table by next, which sorts all keys at each step.
runbook {}
local t = {}
for index = 1, 20000 do t["key" .. index] = index end
while true do
  local key = next(t)
  while key do key = next(t, key) end
end
