-- expect: stopped memory
-- Doubles a string until memory runs out, catches that and begins again.
runbook {}
local s = "xxxxxxxx"
while true do
  pcall(function() while true do s = s .. s end end)
end
