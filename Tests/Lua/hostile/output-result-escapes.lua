-- expect: stopped result ; limits result=64KB ; nowhere
-- Returns a text that is short enough only until it is written as JSON.
runbook {}
return ("\0"):rep(60000)
