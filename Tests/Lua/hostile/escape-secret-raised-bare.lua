-- expect: failed ‹secret› ; line 6 ; sends users.reset_password=1
-- Raises a secret itself as an error, for the report to show it.
runbook { needs = { "users:password" } }
local secret = secrets.generate(24)
users.reset_password(1, secret)
error(secret)
