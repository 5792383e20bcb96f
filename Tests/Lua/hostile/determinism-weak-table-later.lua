-- expect: succeeded 1000
-- Makes a table weak by changing its metatable after it was set.
runbook {}
local meta = {}
local weak = setmetatable({}, meta)
pcall(function() meta.__mode = "k" end)
pcall(rawset, meta, "__mode", "k")
for index = 1, 1000 do weak[{}] = index end
for index = 1, 100000 do local _ = { index } end
local count = 0
for _ in pairs(weak) do count = count + 1 end
return count
