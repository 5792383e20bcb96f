-- expect: failed result ; nowhere
-- Returns a list of one element at the place 2^62, for it to be filled up with nulls.
runbook {}
return { 1, [1 << 62] = 2 }
