-- expect: succeeded 300
-- Grows the stack in the middle of a __close, where Lua 5.4.4 may keep a pointer into the old one.
runbook {}
local closed = 0
local function grow(n) if n > 0 then return 1 + grow(n - 1) end return 0 end
local function guard(depth)
  return setmetatable({}, { __close = function() closed = closed + 1 return grow(depth) end })
end
for index = 1, 100 do
  coroutine.wrap(function()
    local _ <close> = guard(index * 20)
    local _ <close> = guard(index * 40)
    pcall(function()
      local _ <close> = guard(index * 60)
      error("close")
    end)
    return (select("#", table.unpack({}, 1, index)))
  end)()
end
return closed
