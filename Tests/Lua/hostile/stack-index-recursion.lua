-- expect: failed C stack overflow
-- Recurses through metamethods, which cost the stack of C.
runbook {}
local t = setmetatable({}, { __index = function(self, key) return self[key .. "x"] end })
return t.x
