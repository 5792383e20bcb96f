-- expect: stopped time
-- Never comes to the end of a text that load reads piece by piece.
runbook {}
return load(function() while true do end end)
