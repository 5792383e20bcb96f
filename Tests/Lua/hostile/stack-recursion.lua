-- expect: failed stack overflow ; limits memory=128MB
-- Recurses in Lua without an end, with memory enough for the stack to be the limit.
runbook {}
local function deep() return 1 + deep() end
return deep()
