-- expect: stopped result ; limits result=64KB ; nowhere
-- Returns a small table whose text has 2^60 elements.
runbook {}
local t = { "x" }
for _ = 1, 60 do t = { t, t } end
return t
