-- expect: stopped memory ; limits source=1GB
-- Compiles a source of large pieces without an end, each a name of its own.
runbook {}
local index = 0
return load(function()
  index = index + 1
  return ("x" .. index):rep(10000) .. " = 1 "
end)
