-- expect: stopped memory ; limits memory=64MB
-- Keeps to a limit of its own no better than to the operator's.
runbook { limits = { memory = "4MB" } }
local t = {}
while true do t[#t + 1] = { #t } end
