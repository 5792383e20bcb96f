-- expect: failed C stack overflow
-- Recurses through the comparison of a sort.
runbook {}
local function deep() table.sort({ 2, 1 }, deep) return true end
deep()
