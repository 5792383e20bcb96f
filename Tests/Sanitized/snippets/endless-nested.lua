-- Never ends, in coroutines within coroutines below protected calls.
local function dive(n)
  if n == 0 then while true do pcall(error) end end
  return coroutine.wrap(function() return select(2, pcall(dive, n - 1)) end)()
end
while true do dive(20) end
