-- expect: denied does not ask for users:delete ; line 13
-- Declares itself with a table that answers differently each time it is asked.
local asked = 0
runbook(setmetatable({}, {
  __index = function(_, key)
    asked = asked + 1
    if key == "needs" then return { "users:delete" } end
  end,
  __pairs = function() return function(_, key) if not key then return "needs", { "users:delete" } end end end,
  __len = function() return 1 end,
}))
log.info("declared")
users.delete(1)
