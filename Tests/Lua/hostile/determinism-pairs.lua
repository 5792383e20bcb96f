-- expect: succeeded ["1","2","3","-1","2.5","a","b","z","false","true"]
-- Fills a table in a crooked order and looks in which order it is walked.
runbook {}
local t = { z = 1, [true] = 1, [2.5] = 1, b = 1, [false] = 1, a = 1, [-1] = 1 }
for index = 3, 1, -1 do t[index] = 1 end
local keys = {}
for key in pairs(t) do keys[#keys + 1] = tostring(key) end
return keys
