-- expect: stopped time ; sends users.unlock=0
-- Holds a value to be closed while it is ended, to go on in its __close.
runbook { needs = { "users:unlock" } }
local function guard(id)
  return setmetatable({}, { __close = function()
    pcall(users.unlock, id)
    while true do end
  end })
end
local _ <close> = guard(1)
table.sort({ 3, 1, 2 }, function()
  local _ <close> = guard(2)
  while true do end
end)
