-- expect: stopped log ; limits log=64KB ; line 4
-- Logs one line of a million characters.
runbook {}
log.info(("x"):rep(1000000))
sleep(1)
