-- expect: failed text could not be made ; line 4
-- Raises a value whose __tostring raises itself.
runbook {}
error(setmetatable({}, { __tostring = function(self) error(self) end }))
