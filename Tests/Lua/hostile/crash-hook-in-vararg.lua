-- expect: stopped time
-- Is interrupted at any moment of calls with many and varying arguments.
runbook {}
local function pass(...) return select("#", ...), ... end
local list = {}
for index = 1, 200 do list[index] = index end
while true do
  for count = 0, 200 do pass(pass(table.unpack(list, 1, count))) end
end
