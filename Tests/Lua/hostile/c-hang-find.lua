-- expect: stopped time ; confined only
-- Matches a pattern that tries every way to split a text, inside one call of C.
runbook {}
return (("a"):rep(100000):find((".-"):rep(4) .. "b"))
