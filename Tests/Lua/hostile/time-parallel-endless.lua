-- expect: stopped time ; anywhere
-- Goes through a list that has no end, with tasks that do nothing.
runbook {}
parallel(function() return 1 end, 10, function() end)
