-- expect: stopped memory ; sends users.update=0
-- Passes a text to an operation that together with its JSON takes more memory than there is.
runbook { needs = { "users:update" } }
pcall(users.update, 1, { login = ("\0"):rep(2500000), name = "x" })
users.update(1, { login = "x", name = "x", role = { id = "user" } })
