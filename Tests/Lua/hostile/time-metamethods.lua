-- expect: stopped time
-- Loops in the metamethods that operators call, each under pcall.
runbook {}
local function loop() while true do end end
local meta = { __lt = loop, __le = loop, __eq = loop, __concat = loop, __len = loop, __index = loop, __call = loop, __unm = loop }
local one, other = setmetatable({}, meta), setmetatable({}, meta)
pcall(function() return one < other end)
pcall(function() return one == other end)
pcall(function() return one .. other end)
pcall(function() return #one end)
return "went on"
