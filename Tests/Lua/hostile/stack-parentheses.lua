-- expect: failed C stack overflow ; line 4
-- Compiles a hundred thousand brackets in brackets.
runbook {}
assert(load("return " .. ("("):rep(100000) .. "1" .. (")"):rep(100000)))
