-- expect: stopped time ; line 4
-- Waits until the next century.
runbook {}
sleep(9e8)
