-- expect: stopped memory
-- Joins one large string to a million times itself.
runbook {}
local t, s = {}, ("x"):rep(1000)
for index = 1, 100000 do t[index] = s end
return #table.concat(t, s)
