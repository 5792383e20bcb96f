-- expect: failed the arguments are more than 16 MB; nothing was sent ; limits memory=128MB ; line 4
-- Passes a text to an operation that is longer than any call may be.
runbook { needs = { "users:update" } }
users.update(1, { login = ("\0"):rep(4000000), name = "x" })
