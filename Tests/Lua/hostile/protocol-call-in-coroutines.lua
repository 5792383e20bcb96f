-- expect: succeeded ["user1","user2","user3"] ; sends users.get=3
-- Calls from coroutines within coroutines that yield values of their own in between.
runbook { needs = { "users:read" } }
local logins = {}
local function generate(depth)
  return coroutine.wrap(function()
    if depth == 0 then
      for id = 1, 3 do coroutine.yield(users.get(id).login) end
    else
      for login in generate(depth - 1) do coroutine.yield(login) end
    end
  end)
end
for login in generate(30) do logins[#logins + 1] = login end
return logins
