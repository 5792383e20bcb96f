-- expect: stopped memory
-- Raises an error whose text takes all memory while the report is made.
runbook {}
error(setmetatable({}, { __tostring = function()
  local held = {}
  while true do held[#held + 1] = ("x"):rep(100000) .. #held end
end }))
