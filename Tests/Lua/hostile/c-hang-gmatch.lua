-- expect: stopped time ; confined only
-- Walks the matches of an endless pattern.
runbook {}
for _ in ("a"):rep(100000):gmatch("(.-)(.-)(.-)b") do end
