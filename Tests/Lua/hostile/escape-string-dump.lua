-- expect: failed dump ; line 4
-- Dumps a function to bytecode to change it and load it again.
runbook {}
local code = string.dump(function() return 1 end)
return #code
