-- expect: failed C stack overflow ; line 4
-- Compiles blocks in blocks.
runbook {}
assert(load(("do "):rep(100000) .. ("end "):rep(100000)))
