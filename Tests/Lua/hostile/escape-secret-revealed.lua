-- expect: denied secrets:reveal ; line 6
-- Asks for a secret's text without the right to.
runbook { needs = { "users:password" } }
local secret = secrets.generate(24)
log.info("trying")
local text = secrets.reveal(secret)
return text
