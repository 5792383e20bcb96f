-- expect: stopped time
-- Is interrupted at any moment of tail calls through pcall, coroutines and metamethods.
runbook {}
local t = setmetatable({}, { __call = function(_, n) return n end })
local function loop(n)
  if n % 3 == 0 then pcall(t, n) elseif n % 3 == 1 then coroutine.wrap(function() return t(n) end)() end
  return loop(n + 1)
end
return loop(1)
