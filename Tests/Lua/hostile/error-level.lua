-- expect: succeeded ["x","x","x"]
-- Raises errors with levels that there are not.
runbook {}
local texts = {}
for index, level in ipairs { 1000000, math.maxinteger, -1 } do
  local _, text = pcall(error, "x", level)
  texts[index] = text
end
return texts
