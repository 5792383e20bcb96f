-- expect: stopped time ; sends users.unlock=0
-- Resumes a looping coroutine from a coroutine and takes what comes out for a yield of its own.
runbook { needs = { "users:unlock" } }
local outer = coroutine.create(function()
  local inner = coroutine.create(function() while true do end end)
  while true do
    local ok = coroutine.resume(inner)
    coroutine.yield(ok)
  end
end)
while true do
  coroutine.resume(outer)
  users.unlock(1)
end
