-- expect: succeeded [false,false,false,"X"]
-- Replaces the metatable that all strings share, so that the host's own string methods are the script's.
runbook {}
local function poison() return "poison" end
local direct = pcall(function() getmetatable("").__index = poison end)
local indirect = pcall(setmetatable, "", { __index = poison })
local raw = pcall(rawset, getmetatable(""), "__index", poison)
return { direct, indirect, raw, ("x"):upper() }
