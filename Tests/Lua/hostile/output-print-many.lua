-- expect: stopped log ; limits log=16KB memory=64MB
-- Prints five thousand values in one line.
runbook {}
local t = {}
for index = 1, 5000 do t[index] = index end
print(table.unpack(t))
sleep(1)
