-- expect: failed text could not be made ; line 4
-- Raises a value whose __tostring gives no string.
runbook {}
error(setmetatable({}, { __tostring = function() return {} end }))
