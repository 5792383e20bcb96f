-- expect: succeeded ["table: 1","function: 2","thread: 3","table: 1",false,"name: 4"]
-- Looks for addresses in the texts of values.
runbook {}
local t, co = {}, coroutine.create(print)
return { tostring(t), tostring(tostring), tostring(co), string.format("%s", t), (pcall(string.format, "%p", t)), tostring(setmetatable({}, { __name = "name" })) }
