-- expect: failed runbook { … } is there twice ; line 6
-- Declares itself a second time, with more rights.
local manifest = { needs = { "users:read" } }
runbook(manifest)
manifest.needs[2] = "users:delete"
runbook(manifest)
users.delete(1)
