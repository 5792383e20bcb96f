-- expect: stopped changes ; limits changes=7 ; sends users.unlock=7
-- Makes fifty changes at once, for them all to find the limit not yet reached.
runbook { needs = { "users:unlock" } }
parallel(function() return 1 end, 50, function(id, index) pcall(users.unlock, index) end)
