-- expect: succeeded [false,false]
-- Raises errors in the handlers of errors until the stack of C ends.
runbook {}
local function handler(message) error(message) end
local ok = xpcall(error, handler, "first")
local again = xpcall(function() xpcall(error, handler, "second") error("third") end, handler)
return { ok, again }
