-- expect: failed attempt to call a nil value ; at [string "return function() return xxxxxxxxxxxxxxxxxxxx..."]:1
-- Raises an error about a name of a hundred thousand characters in a chunk with such a name.
runbook {}
local name = ("x"):rep(100000)
load("return function() return " .. name .. "() end", "return function() return " .. name)()()
