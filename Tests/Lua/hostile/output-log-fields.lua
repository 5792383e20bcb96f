-- expect: stopped log ; limits log=64KB
-- Logs few lines with large fields.
runbook {}
local fields = {}
for index = 1, 1000 do fields["field" .. index] = ("x"):rep(10) end
while true do log.debug("", fields) end
