-- expect: failed pattern too complex ; line 4
-- Matches a pattern that calls itself deeper than C's stack is allowed to grow.
runbook {}
return (("x"):rep(300000):find(("x?"):rep(300000) .. "y"))
