-- expect: failed is more than 500000 values ; limits memory=64MB
-- Passes a small table whose text has 2^60 elements to an operation.
runbook { needs = { "users:update" } }
local t = { "x" }
for _ = 1, 60 do t = { t, t } end
users.update(1, { login = "x", name = "x", role = t })
