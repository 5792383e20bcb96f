-- expect: stopped log ; limits log=64KB
-- Logs short lines for ever.
runbook {}
while true do log.info("a line of the flood") end
