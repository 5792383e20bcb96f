-- expect: succeeded 20000
-- Compiles twenty thousand labels and as many jumps over them.
runbook {}
local source = {}
for index = 1, 20000 do source[index] = ("goto l%d ::l%d::"):format(index, index) end
local _ = assert(load(table.concat(source, " ")))
return #source
