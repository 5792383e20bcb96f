-- expect: stopped memory
-- Copies the largest string that there is room for until there is none.
runbook {}
local s = ("x"):rep(5 << 20)
return #(s:upper() .. s:lower() .. s:reverse())
