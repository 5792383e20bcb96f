-- expect: failed C stack overflow
-- Recurses through the callback of gsub, each time one C call deeper.
runbook {}
local function deep() return (("x"):gsub("x", deep)) end
return deep()
