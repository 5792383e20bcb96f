-- expect: stopped time ; confined only
-- Hangs in C in the __close of a coroutine that an error ends.
runbook {}
coroutine.wrap(function()
  local _ <close> = setmetatable({}, { __close = function() return ("a"):rep(100000):find(".-.-.-b") end })
  error("close")
end)()
