-- expect: stopped tasks
-- Starts tasks that start tasks, none of which ever ends.
runbook {}
local function grow()
  parallel(function() return 1 end, 1000, grow)
end
grow()
