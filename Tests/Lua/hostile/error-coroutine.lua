-- expect: failed thread: 1 ; line 4
-- Raises a coroutine, and it is the one that runs.
runbook {}
error((coroutine.running()))
