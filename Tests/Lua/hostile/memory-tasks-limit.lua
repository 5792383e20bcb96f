-- expect: stopped tasks ; limits tasks=50 ; sends users.unlock=0
-- Starts more tasks than there may be, catches what comes of it, and changes something.
runbook { needs = { "users:unlock" } }
pcall(parallel, function() return 1 end, 100, function() sleep(1000) end)
users.unlock(1)
