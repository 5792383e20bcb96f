-- expect: succeeded 9
-- Asks for dates that there are not, in formats that there are not.
runbook {}
local refused = 0
for _, attempt in ipairs {
  function() return os.date("%E") end, function() return os.date("%Ez") end, function() return os.date("%O") end,
  function() return os.date("%") end, function() return os.date("%Q") end, function() return os.date("*t", 1 << 62) end,
  function() return os.date("%c", 1.5) end, function() return os.time { year = 2020 } end,
  function() return os.time { year = 1.5, month = 1, day = 1 } end,
} do
  if not pcall(attempt) then refused = refused + 1 end
end
return refused
