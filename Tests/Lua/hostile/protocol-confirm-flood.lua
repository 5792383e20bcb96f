-- expect: succeeded 300
-- Asks again and again in case a refusal wears off.
runbook {}
local refused = 0
for _ = 1, 300 do
  if not pcall(confirm, "now?") then refused = refused + 1 end
end
return refused
