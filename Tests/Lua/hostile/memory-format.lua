-- expect: stopped memory
-- Formats a string into two of itself.
runbook {}
local s = "x"
while true do s = string.format("%s%s", s, s) end
