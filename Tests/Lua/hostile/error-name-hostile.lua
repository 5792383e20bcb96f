-- expect: failed xxxx ; line 4
-- Raises a value whose type has a name of a million characters.
runbook {}
error(setmetatable({}, { __name = ("x"):rep(1000000) }))
