-- No text shows an address, metatables of the host are hidden, and nothing asks the collector.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and tostring(problem):find(message, 1, true), tostring(problem))
end

local first, second = {}, function() end
assert(tostring(first) == "table: 1" and tostring(second) == "function: 2" and tostring(first) == "table: 1")
assert(("%s"):format(coroutine.create(print)) == "thread: 3" and tostring(print) == "function: 4" and ("%12s|"):format(first) == "    table: 1|")
assert(tostring(setmetatable({}, { __name = "Stack" })) == "Stack: 5")
raises("'%p' is not available in a runbook: addresses differ from run to run; use %s", string.format, "%p", {})
raises("'%p' is not available in a runbook", string.format, "%d %p", 1, nil)

assert(getmetatable("") == "string")
