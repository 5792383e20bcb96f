-- expect: stopped time
-- Computes for ever before it declares itself, with a limit that it would have set.
while true do end
runbook { limits = { time = "1s" } }
