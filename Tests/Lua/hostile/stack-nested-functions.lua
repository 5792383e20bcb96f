-- expect: failed C stack overflow ; line 4
-- Compiles functions in functions.
runbook {}
assert(load(("return function() "):rep(30000) .. ("end "):rep(30000)))
