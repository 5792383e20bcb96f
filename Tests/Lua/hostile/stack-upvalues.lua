-- expect: failed too many upvalues ; line 10
-- Uses more variables of outer functions than a function may have.
runbook {}
local source = {}
for level = 1, 3 do
  source[#source + 1] = "local function f" .. level .. "() "
  for index = 1, 120 do source[#source + 1] = ("local v%d_%d = 1 "):format(level, index) end
end
source[#source + 1] = "return function() return 1"
assert(load(table.concat(source) .. (function() local s = "" for level = 1, 3 do for index = 1, 120 do s = s .. (" + v%d_%d"):format(level, index) end end return s end)() .. " end end end end"))
