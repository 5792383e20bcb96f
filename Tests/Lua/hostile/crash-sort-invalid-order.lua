-- expect: succeeded true
-- Sorts by comparisons that contradict themselves.
runbook {}
local ended = 0
for seed = 1, 200 do
  local list = {}
  for index = 1, 100 do list[index] = index end
  local n = seed
  pcall(table.sort, list, function()
    n = (n * 1103515245 + 12345) % 2147483648
    return n % 3 ~= 0
  end)
  ended = ended + 1
end
return ended == 200
