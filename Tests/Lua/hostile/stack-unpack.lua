-- expect: failed too many results to unpack ; line 4
-- Unpacks ten million values of an empty table onto the stack.
runbook {}
return select("#", table.unpack({}, 1, 1e7))
