-- expect: stopped time ; confined only
-- Looks for a plain text in another that almost has it everywhere.
runbook {}
return (("a"):rep(4000000):find(("a"):rep(2000000) .. "b", 1, true))
