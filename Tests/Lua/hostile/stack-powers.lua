-- expect: failed C stack overflow ; line 4
-- Compiles a power of a power of a power, which groups to the right.
runbook {}
assert(load("return 1" .. ("^1"):rep(100000)))
