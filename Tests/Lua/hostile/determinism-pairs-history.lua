-- expect: succeeded "alike"
-- Gives tables the same keys in many ways, so that Lua keeps them in other places, and compares the order of their walks.
runbook {}
local function walk(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = tostring(key) end
  local by_next, key = {}, next(t)
  while key ~= nil do
    by_next[#by_next + 1] = tostring(key)
    key = next(t, key)
  end
  return table.concat(keys, " ") .. " / " .. table.concat(by_next, " ")
end
local tables = { { 1, 2, 3, 4, [-1] = 1, [0.5] = 1, a = 1 }, {}, {}, { a = 1, [4] = 1, [3] = 1, [2] = 1, [1] = 1, [0.5] = 1, [-1] = 1 }, {} }
for _, key in ipairs { "a", 4, 0.5, 3, -1, 2, 1 } do tables[2][key] = 1 end
for _, key in ipairs { -1, 0.5, 1, 2, 3, 4, "a" } do tables[3][key] = 1 end
for index = 1, 100 do tables[5][index] = 1 end
for index = 5, 100 do tables[5][index] = nil end
tables[5][-1], tables[5][0.5], tables[5].a = 1, 1, 1
for index = 2, #tables do
  if walk(tables[index]) ~= walk(tables[1]) then return { walk(tables[1]), walk(tables[index]) } end
end
return "alike"
