-- expect: stopped result ; limits result=1MB ; nowhere
-- Returns more than it has allowed itself.
runbook { limits = { result = "1KB" } }
return ("x"):rep(2000)
