-- expect: succeeded true
-- Adds to and takes from a table while it is walked and sorted.
runbook {}
local t = {}
for index = 1, 1000 do t["k" .. index] = index end
for key in pairs(t) do
  t[key] = nil
  t["new" .. key] = {}
end
local list = {}
for index = 1, 1000 do list[index] = (index * 7919) % 1000 end
pcall(table.sort, list, function(a, b)
  list[#list + 1] = 1
  for index = 1, 10 do list[#list] = nil end
  return (a or 0) < (b or 0)
end)
return next(t) ~= nil
