-- expect: stopped memory ; limits memory=3MB ; sends users.page=*
-- Keeps all replies to its calls.
runbook { needs = { "users:read" } }
local kept = {}
while true do kept[#kept + 1] = users.page { size = 500 } end
