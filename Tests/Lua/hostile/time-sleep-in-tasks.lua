-- expect: stopped time
-- Has a thousand tasks wait for ever, again and again.
runbook {}
parallel(function() return 1 end, 1000, function() while true do sleep(1000) end end)
