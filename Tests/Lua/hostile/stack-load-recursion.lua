-- expect: failed C stack overflow
-- Recurses through the reader of load.
runbook {}
local function deep() assert(load(deep)) end
deep()
