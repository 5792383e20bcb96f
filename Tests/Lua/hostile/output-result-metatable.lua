-- expect: succeeded {"real":1}
-- Returns a table whose metamethods tell of other members than it has.
runbook {}
return setmetatable({ real = 1 }, {
  __index = function() return "forged" end, __len = function() return 1 << 62 end,
  __pairs = function() return function() return 1, "forged" end end,
  __tostring = function() return "forged" end,
})
