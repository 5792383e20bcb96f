-- expect: stopped memory
-- Makes text of code points as long as it can.
runbook {}
local points = {}
for index = 1, 200 do points[index] = 0x7FFFFFFF end
local s = ""
while true do s = s .. utf8.char(table.unpack(points)) .. s end
