-- expect: stopped memory
-- Replaces each character by a thousand others, twice.
runbook {}
local s = ("x"):rep(1000):gsub("x", ("x"):rep(1000))
return #s:gsub("x", ("x"):rep(1000))
