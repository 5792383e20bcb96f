-- expect: failed '__mode' is not available ; line 4
-- Makes a table weak, to see when the collector runs.
runbook {}
setmetatable({}, { __mode = "k" })
