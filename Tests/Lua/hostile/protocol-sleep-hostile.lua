-- expect: succeeded 7
-- Waits for less than nothing, for ever, and for what is no time.
runbook {}
local refused = 0
for _, value in ipairs { -1, 1e9, 1 / 0, 0 / 0, -1 / 0, "1", {} } do
  if not pcall(sleep, value) then refused = refused + 1 end
end
return refused
