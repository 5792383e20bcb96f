-- expect: stopped memory
-- Fills a table with strings of its own each.
runbook {}
local t = {}
while true do t[#t + 1] = ("x"):rep(100000) .. #t end
