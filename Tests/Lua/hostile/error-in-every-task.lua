-- expect: failed task 1 ; line 4 ; sends users.get=3
-- Raises an error in each task at once.
runbook { needs = { "users:read" } }
parallel({ 1, 2, 3 }, 3, function(id) users.get(id) error("task " .. id) end)
