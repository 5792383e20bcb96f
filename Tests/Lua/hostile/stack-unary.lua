-- expect: failed C stack overflow ; line 4
-- Compiles a hundred thousand signs before a number.
runbook {}
assert(load("return " .. ("- "):rep(100000) .. "1"))
