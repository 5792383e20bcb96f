-- expect: failed attempt to index a nil value (global 'nothing') ; at chain:1
-- Raises an error about a long chain of _ENV, whose name Lua 5.4.4 looks for by recursion in C.
runbook {}
_G._ENV = _G
local chunk = assert(load("local a = _ENV return a" .. ("._ENV"):rep(5000) .. ".nothing.more", "=chain"))
chunk()
