-- expect: failed result.users[1].get ; nowhere
-- Returns a function in its result.
runbook {}
return { users = { { get = print } } }
