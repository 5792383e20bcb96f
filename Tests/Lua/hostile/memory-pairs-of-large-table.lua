-- expect: stopped memory ; limits memory=6MB
-- Begins walks over a large table and keeps them, each with keys of its own.
runbook {}
local t, kept = {}, {}
for index = 1, 5000 do t["key" .. index] = true end
while true do kept[#kept + 1] = { pairs(t) } end
