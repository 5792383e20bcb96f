-- expect: failed attempt to load a binary chunk: only source text is run ; line 5
-- Loads precompiled Lua, whose checks nobody makes, to reach memory.
runbook {}
local _, message = load("\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8", "bytecode", "b")
error(message, 0)
