-- expect: failed a call cannot be made inside ; line 4
-- Calls the host from the callback of gsub.
runbook { needs = { "users:read" } }
return (("x"):gsub("x", function() return users.get(1).login end))
