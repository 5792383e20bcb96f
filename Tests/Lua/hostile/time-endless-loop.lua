-- expect: stopped time ; line 4
-- Does nothing for ever.
runbook {}
while true do end
