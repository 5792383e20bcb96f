-- expect: stopped time
-- Compares huge strings for ever inside one sort.
runbook {}
local s = ("x"):rep(1000000)
local list = {}
for index = 1, 8 do list[index] = s .. index end
while true do table.sort(list) table.sort(list, function(a, b) return a > b end) end
