-- expect: failed too many captures ; line 4
-- Captures more than a match can hold.
runbook {}
return (("x"):rep(100):find(("(x)"):rep(100)))
