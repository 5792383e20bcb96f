-- expect: succeeded 3 ; sends users.page=1
-- Walks one iterator over users from many tasks and coroutines at once, for one to be given what is another's.
runbook { needs = { "users:read" } }
local each, seen, count = users.each(), {}, 0
parallel({ 1, 2, 3, 4, 5 }, 5, function()
  for user in coroutine.wrap(function() for user in each do coroutine.yield(user) end end) do
    if seen[user.id] then error("twice") end
    seen[user.id] = true
    count = count + 1
  end
end)
return count
