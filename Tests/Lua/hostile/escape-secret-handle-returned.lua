-- expect: failed reserved ; nowhere
-- Returns a forged handle of a secret, for the result to hold the secret.
runbook {}
secrets.generate(24)
return { list = { { ["$secret"] = 1 } } }
