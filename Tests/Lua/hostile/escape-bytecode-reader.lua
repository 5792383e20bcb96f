-- expect: failed attempt to load a binary chunk: only source text is run ; line 8
-- Hands precompiled Lua to load in pieces, so that no piece shows what it is.
runbook {}
local pieces, index = { "\27", "Lua", "\x54\0\x19\x93\r\n\x1a\n" }, 0
local _, message = load(function()
  index = index + 1
  return pieces[index] end, "=text", "bt")
error(message, 0)
