-- expect: succeeded "left" ; sends users.page=*
-- Returns while the next page of users is still being fetched for it.
runbook { needs = { "users:read" } }
local next_user = users.each()
next_user()
return "left"
