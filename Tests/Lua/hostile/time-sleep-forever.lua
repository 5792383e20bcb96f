-- expect: stopped time ; line 4 ; limits time=2s
-- Waits until the next century.
runbook {}
sleep(9e8)
