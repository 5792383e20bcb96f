-- expect: stopped memory ; sends users.unlock=0
-- Lets a coroutine use up all memory and goes on outside of it.
runbook { needs = { "users:unlock" } }
local inner = coroutine.create(function()
  local held = {}
  while true do held[#held + 1] = ("x"):rep(100000) .. #held end
end)
coroutine.resume(inner)
users.unlock(1)
