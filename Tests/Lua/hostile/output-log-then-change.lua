-- expect: stopped log ; limits log=4KB ; sends users.unlock=0
-- Floods the log under pcall and changes something afterwards.
runbook { needs = { "users:unlock" } }
for _ = 1, 1000 do pcall(log.error, "flood", { text = ("x"):rep(100) }) end
users.unlock(1)
