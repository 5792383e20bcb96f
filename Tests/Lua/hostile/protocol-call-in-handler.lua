-- expect: succeeded "invalid_argument"
-- Calls the host from a message handler.
runbook { needs = { "users:read" } }
local _, failure = xpcall(error, function() return select(2, pcall(users.get, 1)) end)
return failure.kind
