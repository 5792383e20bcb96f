-- expect: stopped time
-- Puts a loop under the feet of the host's own Lua, by a list that parallel goes through.
runbook {}
parallel(setmetatable({}, { __index = function() while true do end end }), 2, function() end)
