-- expect: stopped time ; line 4 ; limits time=2s
-- Does nothing for ever.
runbook {}
while true do end
