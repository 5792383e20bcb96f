-- expect: stopped memory ; sends users.unlock=0
-- Holds a value to be closed when memory ends, to change something in its __close.
runbook { needs = { "users:unlock" } }
local coroutine_of_close = coroutine.wrap(function()
  local _ <close> = setmetatable({}, { __close = function() pcall(users.unlock, 1) end })
  local held = {}
  while true do held[#held + 1] = ("x"):rep(100000) .. #held end
end)
pcall(coroutine_of_close)
users.unlock(2)
