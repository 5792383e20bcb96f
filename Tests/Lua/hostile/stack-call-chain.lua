-- expect: failed attempt to call ; limits memory=64MB
-- Calls a table whose __call is a table whose __call is a table, ten thousand deep.
runbook {}
local t = {}
for _ = 1, 10000 do t = setmetatable({}, { __call = t }) end
return t()
