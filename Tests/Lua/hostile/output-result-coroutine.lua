-- expect: failed result ; nowhere
-- Returns a coroutine.
runbook {}
return coroutine.create(print)
