-- expect: stopped time ; confined only
-- Repeats nothing 2^62 times, which takes no memory and all time.
runbook {}
return (""):rep(1 << 62)
