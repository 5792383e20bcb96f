-- expect: failed '__index' chain too long ; line 6
-- Makes two tables look for what they miss in each other.
runbook {}
local one, other = {}, {}
setmetatable(one, { __index = other }) setmetatable(other, { __index = one })
return one.x
