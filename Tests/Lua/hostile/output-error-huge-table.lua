-- expect: failed huge ; line 4
-- Raises a table with a text of five million characters.
runbook {}
error({ message = "huge", text = ("x"):rep(5000000) })
