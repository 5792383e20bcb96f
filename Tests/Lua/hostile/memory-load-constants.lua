-- expect: stopped memory ; limits memory=4MB
-- Compiles one source into far more than it is long, again and again.
runbook {}
local kept, source = {}, "return {" .. ("{},"):rep(20000) .. "}"
while true do kept[#kept + 1] = load(source) end
