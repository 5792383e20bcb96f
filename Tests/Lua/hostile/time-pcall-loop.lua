-- expect: stopped time ; sends users.unlock=0
-- Catches whatever ends its loop, begins again, and changes something in between.
runbook { needs = { "users:unlock" } }
local rounds = 0
while true do
  pcall(function() while true do rounds = rounds + 1 end end)
  users.unlock(rounds)
end
