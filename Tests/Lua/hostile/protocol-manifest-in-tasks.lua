-- expect: failed runbook { … } is there twice ; line 3
-- Declares itself in several tasks at once, each with other needs.
parallel({ "users:read", "users:unlock" }, 2, function(need) runbook { needs = { need } } end)
users.unlock(1)
