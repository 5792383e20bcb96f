-- When the collector runs differs from run to run: a script can neither tell nor tune it.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and tostring(problem):find(message, 1, true), tostring(problem))
end

raises("'__gc' is not available in a runbook", setmetatable, {}, { __gc = function() end })
raises("use a local variable with <close>", setmetatable, {}, { __gc = false })
raises("'__mode' is not available in a runbook", setmetatable, {}, { __mode = "k" })
raises("remove what is no longer needed", setmetatable, {}, { __mode = "" })

-- set later, both are fields like any other
local collected, metatable = false, {}
local weak = setmetatable({}, metatable)
metatable.__mode, metatable.__gc = "kv", function() collected = true end
for i = 1, 100 do weak[i] = {} end
weak[{}] = true
setmetatable({}, nil)
for i = 1, 20000 do local _ = { ("x"):rep(i % 100) } end
local left = 0
for _ in pairs(weak) do left = left + 1 end
assert(left == 101 and not collected)

assert(collectgarbage() == 0 and collectgarbage("collect") == 0 and collectgarbage("step") == true and collectgarbage("step", 5) == true)
assert(collectgarbage("isrunning") == true and math.type(collectgarbage("count")) == "float" and collectgarbage("count") > 0)
for _, option in ipairs { "stop", "restart", "setpause", "setstepmul", "generational", "incremental" } do
    raises('collectgarbage("' .. option .. '") is not available in a runbook: the host tunes the collector', collectgarbage, option)
end
