-- expect: stopped changes ; limits changes=1 ; sends users.unlock=1
-- Declares more changes than the operator allows.
runbook { needs = { "users:unlock" }, limits = { changes = 1000000 } }
for id = 1, 10 do users.unlock(id) end
