-- expect: succeeded [3,"user2"] ; sends users.page=1 users.get=1
-- Replaces bindings that other functions of the host are made of.
runbook { needs = { "users:read" } }
local get = users.get
users.page = function() return { { id = 1, login = "forged" } } end
users.get = function() return { id = 1, login = "forged" } end
local seen = 0
for _ in users.each() do seen = seen + 1 end
return { seen, get(2).login }
