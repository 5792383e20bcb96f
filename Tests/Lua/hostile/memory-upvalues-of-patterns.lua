-- expect: stopped memory
-- Splits a large text into millions of pieces and keeps them all.
runbook {}
local kept = {}
for piece in ("ab,"):rep(1000000):gmatch("[^,]+") do kept[#kept + 1] = { piece } end
return #kept
