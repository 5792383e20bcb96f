-- expect: failed UTF-8 ; line 4
-- Passes bytes that are no text as a name.
runbook { needs = { "roles:read" } }
roles.get("\xff\xfe")
