-- expect: stopped time
-- Never answers what to put in the place of a match.
runbook {}
return (("x"):gsub("x", function() while true do end end))
