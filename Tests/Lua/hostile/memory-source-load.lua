-- expect: stopped source ; limits source=64KB memory=64MB ; sends users.unlock=0
-- Compiles a source of a million lines, and changes something afterwards.
runbook { needs = { "users:unlock" } }
pcall(load, ("local a = 1\n"):rep(1000000))
users.unlock(1)
