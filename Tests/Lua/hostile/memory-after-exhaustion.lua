-- expect: stopped memory ; sends users.unlock=0
-- Catches the end of memory, frees it, and goes on to change something.
runbook { needs = { "users:unlock" } }
local held = {}
pcall(function() while true do held[#held + 1] = ("x"):rep(100000) .. #held end end)
held = nil
users.unlock(1)
