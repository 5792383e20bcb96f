-- expect: failed too many local variables ; line 6
-- Declares more locals than a function may have.
runbook {}
local names = {}
for index = 1, 250 do names[index] = "v" .. index end
assert(load("local " .. table.concat(names, ",")))
