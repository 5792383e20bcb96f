-- expect: failed reserved ; line 6
-- Forges the handle by which the host knows a secret, to have another run's or an earlier one put in its place.
runbook { needs = { "users:read" } }
secrets.generate(24)
local forged = { ["$secret"] = 1 }
log.info("forged", { secret = forged })
return forged
