-- expect: stopped memory ; line 4
-- Asks for one string of a thousand million bytes.
runbook {}
return #("x"):rep(1e9)
