-- expect: succeeded 0
-- Adds a finalizer to a metatable after it was set.
runbook {}
local calls, meta = 0, { __gc = nil }
for index = 1, 10000 do setmetatable({}, meta) end
meta.__gc = function() calls = calls + 1 end
for index = 1, 10000 do setmetatable({}, {}) end
for index = 1, 10000 do pcall(setmetatable, {}, meta) end
collectgarbage()
return calls
