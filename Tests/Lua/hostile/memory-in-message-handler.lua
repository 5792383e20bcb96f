-- expect: stopped memory ; sends users.unlock=0
-- Uses up memory in a handler that handles another such end.
runbook { needs = { "users:unlock" } }
local function bomb()
  local held = {}
  while true do held[#held + 1] = ("x"):rep(100000) .. #held end
end
xpcall(bomb, bomb)
xpcall(error, bomb)
users.unlock(1)
