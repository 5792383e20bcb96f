-- expect: denied does not ask for users:delete ; line 6
-- Changes the table that it declared itself with, in case the host still looks at it.
local manifest = { needs = { "users:read" } }
runbook(manifest)
manifest.needs[1] = "users:delete"
users.delete(1)
