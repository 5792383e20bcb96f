-- expect: succeeded ["user1","user2",3] ; sends users.get=2
-- Takes every global away, for the functions of the host to fall over what they miss.
runbook { needs = { "users:read" } }
local users, parallel, log, os, globals = users, parallel, log, os, _G
for name in pairs(globals) do globals[name] = nil end
local logins = parallel({ 1, 2 }, 2, function(id) return users.get(id).login end)
logins[3] = #logins + 1
log.info("wiped", { year = os.date("%Y"), now = os.time() > 0, date = os.time { year = 2020, month = 1, day = 1 } })
return logins
