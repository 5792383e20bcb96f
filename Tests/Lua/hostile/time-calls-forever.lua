-- expect: stopped time ; sends users.get=*
-- Calls for ever, and ignores every answer.
runbook { needs = { "users:read" } }
while true do pcall(users.get, 1) end
