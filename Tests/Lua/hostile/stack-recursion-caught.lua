-- expect: succeeded [false,"deep"] ; limits memory=128MB
-- Recurses without an end, catches that, and looks whether all is well afterwards.
runbook {}
local function deep() return 1 + deep() end
local ok = pcall(deep)
return { ok, (function() return "deep" end)() }
