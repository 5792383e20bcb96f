-- expect: stopped time ; limits log=1GB
-- Logs below the level of anything that it may not, for ever.
runbook {}
while true do pcall(log.debug, "x", { 1, 2, 3 }) pcall(log.debug, print) end
