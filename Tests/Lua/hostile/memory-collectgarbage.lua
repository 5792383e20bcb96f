-- expect: stopped memory
-- Turns the collector off, or asks it to, and makes garbage that it then keeps itself.
runbook {}
for _, option in ipairs { "stop", "incremental", "generational", "setpause", "setstepmul", "isrunning" } do
  pcall(collectgarbage, option, 1000)
end
local kept = {}
while true do kept[#kept + 1] = {} end
