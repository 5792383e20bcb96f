-- expect: stopped time ; limits time=60s
-- Sets a limit of its own and tries to widen it afterwards.
local limits = { time = "300ms" }
runbook { limits = limits }
limits.time = "1h"
while true do end
