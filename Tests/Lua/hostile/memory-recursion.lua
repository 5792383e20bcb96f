-- expect: stopped memory
-- Recurses in Lua until the stack takes all memory.
runbook {}
local function deep() return 1 + deep() end
while true do pcall(deep) end
