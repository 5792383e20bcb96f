-- expect: stopped time
-- Closes a coroutine whose __close never ends.
runbook {}
local inner = coroutine.create(function()
  local _ <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
coroutine.resume(inner)
coroutine.close(inner)
return "went on"
