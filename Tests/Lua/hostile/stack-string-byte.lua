-- expect: failed string slice too long ; line 4
-- Puts each byte of a large string on the stack.
runbook {}
return ("x"):rep(2000000):byte(1, -1)
