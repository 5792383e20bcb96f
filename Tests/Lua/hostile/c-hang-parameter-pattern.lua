-- expect: stopped time ; confined only
-- Has the host itself match a hostile pattern against a parameter.
runbook { params = { text = { type = "string", default = ("a"):rep(50000), pattern = ".-.-.-.-b" } } }
return "went on"
