-- expect: stopped time ; confined only ; sends users.get=3 ; limits time=2s
-- Hangs in C in one task while others wait for the replies to their calls.
runbook { needs = { "users:read" } }
parallel({ 1, 2, 3 }, 3, function(id)
  users.get(id)
  if id == 1 then return ("a"):rep(100000):find(".-.-.-b") end
  while true do sleep(1000) end
end)
