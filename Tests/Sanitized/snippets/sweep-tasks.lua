-- little memory: tasks and their replies
local results = parallel({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, 6, function(id)
  local user = users.get(id)
  log.info("got", { user = user })
  return { user, roles.list(), ("x"):rep(200) .. id }
end)
for user in users.each { locked = true } do results[#results + 1] = user.login end
return results
