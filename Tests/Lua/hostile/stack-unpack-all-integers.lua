-- expect: failed too many results to unpack ; line 4
-- Unpacks from the smallest integer to the largest.
runbook {}
return table.unpack({}, math.mininteger, math.maxinteger)
