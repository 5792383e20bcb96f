-- expect: stopped tasks ; limits tasks=500
-- Starts more tasks than it has allowed itself, each of which waits.
runbook { limits = { tasks = 10 } }
parallel(function() return 1 end, 100, function() sleep(1000) end)
