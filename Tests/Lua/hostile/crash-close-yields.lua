-- expect: succeeded ["before","in close","after"]
-- Yields in a __close that an error runs.
runbook {}
local steps = {}
local step = coroutine.wrap(function()
  pcall(function()
    local _ <close> = setmetatable({}, { __close = function() coroutine.yield("in close") end })
    coroutine.yield("before")
    error("x")
  end)
  coroutine.yield("after")
end)
for index = 1, 3 do steps[index] = step() end
return steps
