-- expect: succeeded [false,true,"sealed"]
-- Loads code with an environment of its own, which must not lead back to the real one.
runbook {}
local sealed = { value = "sealed" }
local chunk = load("return rawget, _G, load, value", "=sealed", "t", sealed)
local raw, global, load_again, value = chunk()
return { raw ~= nil or global ~= nil, load_again == nil, value }
