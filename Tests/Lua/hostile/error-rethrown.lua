-- expect: denied does not ask for users:delete ; line 4
-- Catches a refusal, wraps it in coroutines and raises it again somewhere else.
runbook { needs = { "users:read" } }
local _, failure = pcall(coroutine.wrap(function() users.delete(1) end))
local again = coroutine.wrap(function() error(failure) end)
again()
