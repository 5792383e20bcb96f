-- expect: failed C stack overflow ; line 4
-- Compiles tables in tables.
runbook {}
assert(load("return " .. ("{"):rep(100000) .. ("}"):rep(100000)))
