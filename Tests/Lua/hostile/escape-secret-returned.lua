-- expect: succeeded {"again":"‹secret›","deep":[{"secret":"‹secret›"}]} ; sends users.reset_password=1
-- Returns a secret, for whoever shows the result to show it.
runbook { needs = { "users:password" } }
local secret = secrets.generate(24)
users.reset_password(1, secret)
return { again = secret, deep = { { secret = secret } } }
