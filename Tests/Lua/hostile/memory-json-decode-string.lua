-- expect: stopped memory
-- Decodes a text as long as half of the memory, of which a copy is made.
runbook {}
local text = '"' .. ("x"):rep(7000000) .. '"'
local kept = { text, json.decode(text), json.decode(text) }
return #kept
