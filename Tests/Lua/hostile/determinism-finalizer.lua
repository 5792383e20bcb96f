-- expect: failed '__gc' is not available ; line 4
-- Has the collector call a function, where no hook runs.
runbook {}
setmetatable({}, { __gc = function() while true do end end })
