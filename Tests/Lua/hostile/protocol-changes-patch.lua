-- expect: stopped changes ; limits changes=2 ; sends users.get=5 users.sites=5 users.asset_groups=5 users.update<=2
-- Makes changes by a function of several calls, more of them at once than fit the limit.
runbook { needs = { "users:read", "users:update", "users:access" } }
parallel({ 1, 2, 3, 4, 5 }, 5, function(id) users.patch(id, { enabled = false }) end)
