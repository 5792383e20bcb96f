-- expect: failed cycle ; line 6
-- Logs a table that holds itself.
runbook {}
local t = {}
t.deep = { t }
log.info("cycle", t)
