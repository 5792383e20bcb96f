-- expect: stopped time
-- Makes errors of the host's own for ever, in each of which a text is searched and put together.
runbook {}
while true do
  pcall(function() return users.nothing end)
  pcall(users.get)
  pcall(users.find, { nothing = 1 })
end
