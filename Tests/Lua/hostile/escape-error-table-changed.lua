-- expect: succeeded ["changed","denied"]
-- Changes an error that the host raised, for the next one to be changed too.
runbook { needs = { "users:read" } }
local _, first = pcall(users.delete, 1)
first.kind = "changed"
local _, second = pcall(users.delete, 1)
return { first.kind, second.kind }
