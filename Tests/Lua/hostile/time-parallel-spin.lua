-- expect: stopped time
-- Has tasks that never wait, so that none comes to its turn but the first.
runbook {}
parallel({ 1, 2, 3 }, 3, function() while true do end end)
