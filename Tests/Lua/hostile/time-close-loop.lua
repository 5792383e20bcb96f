-- expect: stopped time
-- Loops in a __close that runs because of an error.
runbook {}
pcall(function()
  local _ <close> = setmetatable({}, { __close = function() while true do end end })
  error("close")
end)
return "went on"
