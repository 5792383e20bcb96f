-- expect: failed C stack overflow
-- Recurses through __concat of a long chain.
runbook {}
local t = setmetatable({}, { __concat = function(a, b) return a .. b end })
return t .. "x"
