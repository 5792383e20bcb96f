-- expect: succeeded ["null",false,false,"null"]
-- Looks for a way from null, which is a bare pointer inside, to memory.
runbook {}
local index = pcall(function() return null.x end)
local call = pcall(function() return null() end)
return { getmetatable(null), index, call, tostring(null) }
