-- expect: failed C stack overflow ; line 4
-- Compiles a concatenation of a hundred thousand operands.
runbook {}
assert(load("local x return x" .. ("..x"):rep(100000)))
