-- expect: failed result ; nowhere
-- Returns a table whose keys are tables and booleans.
runbook {}
return { [{}] = 1, [true] = 2 }
