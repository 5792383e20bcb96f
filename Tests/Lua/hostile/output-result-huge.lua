-- expect: stopped result ; limits result=64KB ; nowhere
-- Returns a text that is longer than a result may be.
runbook {}
return { text = ("x"):rep(1000000) }
