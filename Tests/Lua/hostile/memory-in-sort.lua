-- expect: stopped memory
-- Uses up memory in a sort's comparison under pcall.
runbook {}
local held = {}
while true do
  pcall(table.sort, { 3, 1, 2 }, function()
    held[#held + 1] = ("x"):rep(100000) .. #held
    return false
  end)
end
