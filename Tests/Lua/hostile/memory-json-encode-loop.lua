-- expect: stopped memory
-- Encodes what it has encoded, so that each round doubles the backslashes.
runbook {}
local s = '"'
while true do s = json.encode(s) end
