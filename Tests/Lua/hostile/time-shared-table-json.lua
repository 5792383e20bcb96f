-- expect: stopped time ; limits memory=64MB
-- Encodes small tables for ever, so that time goes by in the host's C code.
runbook {}
local row = { a = 1, b = { 1, 2, 3 }, c = "text" }
while true do json.encode(json.decode(json.encode(row))) end
