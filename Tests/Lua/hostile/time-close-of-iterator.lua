-- expect: stopped time
-- Loops in the value that a for loop closes when it is left.
runbook {}
local closing = setmetatable({}, { __close = function() while true do end end })
for _ in function() return 1 end, nil, nil, closing do break end
