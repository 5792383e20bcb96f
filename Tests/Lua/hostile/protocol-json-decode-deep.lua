-- expect: failed nest ; line 4
-- Decodes a hundred thousand brackets in brackets.
runbook {}
json.decode(("["):rep(100000))
