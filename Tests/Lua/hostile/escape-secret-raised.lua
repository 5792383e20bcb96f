-- expect: failed the secret is ; line 6 ; sends users.reset_password=1
-- Raises a table that holds a secret as an error, for the report to show it.
runbook { needs = { "users:password" } }
local secret = secrets.generate(24)
users.reset_password(1, secret)
error({ message = "the secret is", secret = secret })
