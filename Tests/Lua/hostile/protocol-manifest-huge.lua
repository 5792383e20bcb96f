-- expect: failed unknown key ; line 5
-- Declares itself with a manifest of fifty thousand keys.
local manifest = {}
for index = 1, 50000 do manifest["key" .. index] = index end
runbook(manifest)
