-- expect: succeeded false ; limits memory=128MB
-- Overflows the stack and again in the handler that has only the spare part of it.
runbook {}
local function deep() return 1 + deep() end
return (xpcall(deep, function() return deep() end))
