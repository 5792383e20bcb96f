-- expect: succeeded "survived" ; confined only
-- Runs many small functions whose environment is a constant, for which Lua 5.4.4 generates wrong code.
runbook {}
local ok, index = true, 0
for _, value in ipairs { "nil", "1", "2.5", "'text'", "true", "false" } do
  for _, use in ipairs { "return x", "x = 1", "x.y.z = 1", "return x(), y", "for i = 1, 10 do x = i end", "return function() return x end" } do
    local chunk = load("local a, b, c = ... local _ENV <const> = " .. value .. " " .. use)
    if chunk then
      local fine, inner = pcall(chunk, 1, 2, 3)
      if fine and type(inner) == "function" then pcall(inner) end
    end
    index = index + 1
  end
end
return ok and index == 36 and "survived" or index
