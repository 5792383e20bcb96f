-- expect: failed iterator
-- Raises an error in the iterator that feeds tasks.
runbook {}
local index = 0
parallel(function()
  index = index + 1
  if index == 3 then error("iterator") end
  return index
end, 2, function() end)
