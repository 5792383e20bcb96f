-- expect: failed result.list[2] ; nowhere
-- Returns a number that JSON has no text for.
runbook {}
return { list = { 1, 0 / 0 } }
