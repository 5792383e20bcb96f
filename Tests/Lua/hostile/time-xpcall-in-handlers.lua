-- expect: stopped time ; sends users.unlock=0
-- Loops in the handler of a handler of a handler, and changes something after each.
runbook { needs = { "users:unlock" } }
local function nest(depth)
  xpcall(error, function()
    if depth > 0 then nest(depth - 1) end
    while true do end
  end)
  pcall(users.unlock, depth)
end
while true do nest(5) end
