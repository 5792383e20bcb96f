-- expect: failed a call cannot be made inside ; sends users.get=0
-- Calls the host from the __close of a coroutine that is closed.
runbook { needs = { "users:read" } }
local inner = coroutine.create(function()
  local _ <close> = setmetatable({}, { __close = function() users.get(1) end })
  coroutine.yield()
end)
coroutine.resume(inner)
assert(coroutine.close(inner))
