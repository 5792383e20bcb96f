-- expect: failed nothing was sent ; line 5
-- Declares itself with a table that holds itself.
local manifest = { title = "x" }
manifest.params = manifest
runbook(manifest)
