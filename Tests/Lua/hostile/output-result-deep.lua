-- expect: failed 64 ; nowhere
-- Returns a table a thousand tables deep.
runbook {}
local t = {}
for _ = 1, 1000 do t = { t } end
return t
