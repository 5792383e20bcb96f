-- expect: stopped log ; limits log=1MB
-- Logs more than it has allowed itself.
runbook { limits = { log = "1KB" } }
while true do print("a line of the flood") end
