-- expect: failed is called before runbook ; line 3
-- Calls before it has declared what it needs, and hides the refusal.
pcall(users.delete, 1)
runbook { needs = { "users:delete" } }
users.delete(1)
