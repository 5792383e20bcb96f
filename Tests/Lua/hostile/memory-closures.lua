-- expect: stopped memory
-- Keeps closures that keep closures.
runbook {}
local last
while true do
  local before = last
  last = function() return before end
end
