-- expect: stopped time ; confined only ; at chain:1 ; limits time=2s
-- Raises an error about a very long chain of _ENV, whose name Lua 5.4.4 looks for by recursion in C, for seconds, until it overflows the stack.
runbook {}
_G._ENV = _G
local chunk = assert(load("local a = _ENV return a" .. ("._ENV"):rep(150000) .. ".nothing.more", "=chain"))
chunk()
