-- expect: stopped memory ; sends users.get=*
-- One of many tasks uses up memory while the others wait for replies.
runbook { needs = { "users:read" } }
parallel({ 1, 2, 3, 4 }, 4, function(id)
  users.get(id)
  local held = {}
  while id == 4 do held[#held + 1] = ("x"):rep(100000) .. #held end
  while true do users.get(id) end
end)
