-- expect: stopped time ; confined only
-- Hangs in C while the text of its error is made for the report.
runbook {}
error(setmetatable({}, { __tostring = function() return ("a"):rep(100000):find(".-.-.-b") end }))
