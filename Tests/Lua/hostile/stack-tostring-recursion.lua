-- expect: failed C stack overflow
-- Asks for its own text in order to make it.
runbook {}
local t = setmetatable({}, { __tostring = function(self) return tostring(self) end })
return tostring(t)
