-- expect: stopped time ; sends users.unlock=0
-- Loops in one coroutine after the other, each wrapped in pcall.
runbook { needs = { "users:unlock" } }
while true do
  local inner = coroutine.wrap(function() while true do end end)
  pcall(inner)
  users.unlock(1)
end
