-- expect: succeeded true
-- Nests coroutines under pcall until none more can be begun, and unwinds.
runbook {}
local depth = 0
local function deep()
  depth = depth + 1
  pcall(coroutine.wrap(deep))
end
deep()
return depth > 20 and depth < 100000
