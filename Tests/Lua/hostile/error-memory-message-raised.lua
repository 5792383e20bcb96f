-- expect: failed not enough memory ; line 4
-- Ends with the very text with which Lua says that there is no memory left.
runbook {}
error("not enough memory", 0)
