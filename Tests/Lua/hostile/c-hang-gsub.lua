-- expect: stopped time ; confined only
-- Replaces the matches of an endless pattern.
runbook {}
return (("a"):rep(100000):gsub("a*a*a*b", ""))
