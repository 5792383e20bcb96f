-- expect: stopped time ; sends users.unlock=0
-- Goes on in the handler of the very error that ends it inside a sort.
runbook { needs = { "users:unlock" } }
local ended = false
table.sort({ 3, 1, 2 }, function()
  xpcall(function() while true do end end, function()
    ended = true
    while true do end
  end)
  while true do end
end)
users.unlock(ended and 1 or 2)
