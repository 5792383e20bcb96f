-- expect: succeeded ["user1","cannot resume non-suspended coroutine",false,"dead"] ; sends users.get=2
-- Resumes and closes a coroutine of its own while that waits for the host's reply.
runbook { needs = { "users:read" } }
local inner = coroutine.create(function() return users.get(1).login end)
local login, why, closed
parallel({ 1, 2 }, 2, function(task)
  if task == 1 then
    _, login = coroutine.resume(inner)
  else
    _, why = coroutine.resume(inner, { login = "forged" })
    closed = pcall(coroutine.close, inner)
    users.get(2)
  end
end)
return { login, why, closed, coroutine.status(inner) }
