-- expect: succeeded true
-- Compares the order of many strings that are walked with their sorted order, which no hash may disturb.
runbook {}
local t, last = {}, ""
for index = 1, 5000 do t[("%x"):format(index * 2654435761)] = true end
for key in pairs(t) do
  if key <= last then return false end
  last = key
end
return true
