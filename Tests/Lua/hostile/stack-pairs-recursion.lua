-- expect: failed C stack overflow
-- Recurses through __pairs.
runbook {}
local t = setmetatable({}, { __pairs = function(self) return pairs(self) end })
for _ in pairs(t) do end
