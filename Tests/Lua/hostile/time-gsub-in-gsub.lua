-- expect: stopped time
-- Replaces in a replacement of a replacement, a thousand million times in all.
runbook {}
local text = ("x"):rep(1000)
return (text:gsub("x", function()
  return (text:gsub("x", function()
    return (text:gsub("x", function() return "y" end))
  end))
end))
