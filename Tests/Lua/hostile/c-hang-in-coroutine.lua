-- expect: stopped time ; confined only ; sends users.unlock=0
-- Hangs in C in a coroutine in a sort in a coroutine.
runbook { needs = { "users:unlock" } }
coroutine.wrap(function()
  table.sort({ 2, 1 }, function()
    return coroutine.wrap(function() return ("a"):rep(100000):find(".-.-.-b") end)()
  end)
end)()
users.unlock(1)
