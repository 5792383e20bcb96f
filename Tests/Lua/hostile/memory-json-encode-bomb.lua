-- expect: stopped memory ; limits memory=3MB
-- Encodes a small table whose text has 2^60 elements, because each level holds the one below twice.
runbook {}
local t = { "x" }
for _ = 1, 60 do t = { t, t } end
return #json.encode(t)
