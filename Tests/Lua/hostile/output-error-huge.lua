-- expect: failed xxxxxxxx ; line 4
-- Raises an error of five million characters.
runbook {}
error(("x"):rep(5000000))
