-- expect: failed is more than 500000 values ; limits log=64KB memory=64MB
-- Logs a small table whose text has 2^60 elements.
runbook {}
local t = { "x" }
for _ = 1, 60 do t = { t, t } end
log.info("bomb", { t = t })
