-- expect: stopped time ; confined only
-- Matches a text against all of its own parts.
runbook {}
return (("a"):rep(20000):find("(.-)(.-)%1%2b"))
