-- expect: failed 64 ; line 6
-- Logs a table a hundred tables deep.
runbook {}
local t = {}
for _ = 1, 100 do t = { t = t } end
log.info("deep", t)
