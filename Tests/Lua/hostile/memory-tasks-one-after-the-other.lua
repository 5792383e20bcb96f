-- expect: succeeded 5000 ; limits tasks=10
-- Starts thousands of tasks, but never many at once.
runbook {}
local done = 0
for _ = 1, 100 do
  local index = 0
  parallel(function()
    index = index + 1
    if index <= 50 then return index end
  end, 5, function() done = done + 1 end)
end
return done
