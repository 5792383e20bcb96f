-- expect: stopped time ; sends users.unlock=0
-- Loops in a sort's comparison under pcall, where the machine can only raise an error to end it.
runbook { needs = { "users:unlock" } }
while true do
  pcall(table.sort, { 3, 1, 2 }, function()
    while true do pcall(function() while true do end end) end
  end)
  users.unlock(1)
end
