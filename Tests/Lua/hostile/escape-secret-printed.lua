-- expect: succeeded ["‹secret›","‹secret›",false,false,false,false,false,false,"secret"] ; sends users.reset_password=1
-- Tries every way to make a secret's text of it.
runbook { needs = { "users:password" } }
local secret = secrets.generate(24)
users.reset_password(1, secret)
log.info("secret", { secret = secret, list = { secret } })
print(secret, tostring(secret))
return {
  tostring(secret), string.format("%s", secret), (pcall(function() return secret .. "" end)),
  (pcall(json.encode, secret)), (pcall(json.encode, { deep = { secret } })),
  (pcall(function() for _ in pairs(secret) do end end)),
  (pcall(function() return #secret end)), (pcall(function() return secret.text end)), getmetatable(secret),
}
