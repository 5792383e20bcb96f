-- expect: stopped memory ; limits log=64KB memory=3MB
-- Logs a small table whose text has 2^60 elements.
runbook {}
local t = { "x" }
for _ = 1, 60 do t = { t, t } end
log.info("bomb", { t = t })
