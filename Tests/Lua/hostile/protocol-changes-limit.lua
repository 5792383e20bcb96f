-- expect: stopped changes ; limits changes=3 ; sends users.unlock=3 ; line 4
-- Makes more changes than it may and catches what comes back.
runbook { needs = { "users:unlock" } }
for id = 1, 1000 do pcall(users.unlock, id) end
