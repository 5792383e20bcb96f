-- expect: failed bottom
-- Lets an error climb through coroutines that are closed one after the other on its way.
runbook {}
local function deep(n)
  local _ <close> = setmetatable({}, { __close = function() end })
  if n == 0 then error("bottom") end
  return coroutine.wrap(deep)(n - 1)
end
deep(100)
