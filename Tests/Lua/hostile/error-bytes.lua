-- expect: failed � ; line 4
-- Raises bytes that are no text and would steer a terminal.
runbook {}
error("\xff\xfe\0\27[2J")
