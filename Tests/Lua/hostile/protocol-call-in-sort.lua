-- expect: failed a call cannot be made inside a sort comparison ; line 4
-- Calls the host from a sort's comparison, where Lua cannot yield.
runbook { needs = { "users:read" } }
table.sort({ 2, 1 }, function(a, b) return users.get(a).id < users.get(b).id end)
