-- expect: stopped time ; confined only
-- Looks for the end of each of a million brackets that have none.
runbook {}
return (("("):rep(1000000):find("%b()"))
