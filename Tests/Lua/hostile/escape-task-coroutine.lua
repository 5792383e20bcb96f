-- expect: succeeded {"close":false,"logins":["user1","user2"],"resume":"cannot resume non-suspended coroutine"} ; sends users.get=2
-- A task takes another task's coroutine while that waits for a reply, to resume it with a reply of its own and to close it.
runbook { needs = { "users:read" } }
local threads, resume, close = {}, nil, nil
local logins = parallel({ 1, 2 }, 2, function(id)
  threads[id] = coroutine.running()
  if id == 2 then
    local _, why = coroutine.resume(threads[1], { login = "forged" })
    resume, close = why, pcall(coroutine.close, threads[1])
  end
  return users.get(id).login
end)
return { logins = logins, resume = resume, close = close }
