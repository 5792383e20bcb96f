-- expect: stopped log ; limits log=64KB
-- Logs in the making of the text to be logged, and so on.
runbook {}
local t = setmetatable({}, { __tostring = function() log.info("within") return "x" end })
while true do print(t, t, t) end
