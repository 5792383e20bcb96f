-- expect: stopped calls ; limits calls=5 ; sends users.get=5 ; line 4
-- Makes more calls than it may and catches what comes back.
runbook { needs = { "users:read" } }
while true do pcall(users.get, 1) end
