-- expect: stopped memory
-- Packs strings into ever larger ones.
runbook {}
local s = "x"
while true do s = string.pack("s8s8", s, s) end
