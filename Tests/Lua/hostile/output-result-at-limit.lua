-- expect: succeeded "xxxxxxxx" ; limits result=10B
-- Returns exactly as much as it may.
runbook {}
return ("x"):rep(8)
