-- expect: succeeded 50000
-- Makes garbage in metamethods of values that nothing else holds.
runbook {}
local count = 0
local meta = {}
meta.__index = function(_, key) return setmetatable({ key .. key }, meta) end
meta.__concat = function(a, b) count = count + 1 return setmetatable({ tostring(a) .. tostring(b) }, meta) end
meta.__tostring = function() return ("t"):rep(100) end
for index = 1, 50000 do
  local _ = setmetatable({}, meta)["key" .. index] .. setmetatable({}, meta)
end
return count
