-- expect: stopped memory ; limits memory=8MB
-- Decodes a short text into hundreds of thousands of tables.
runbook {}
return #json.decode("[" .. ("{},"):rep(200000) .. "{}]")
