-- What a limit of Lua's own leaves to be caught, and what the host adds to them.
local function problem(f, ...) return tostring(select(2, pcall(f, ...))) end

local function deep() return deep() + 1 end
assert(problem(deep):find("stack overflow", 1, true))
assert(problem(string.rep, "x", 1 << 62):find("resulting string too large", 1, true))
assert(problem(string.format, "%100d", 1):find("invalid conversion", 1, true) and problem(string.format, "%.100f", 1):find("invalid conversion", 1, true))
assert(select(2, load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300))):find("C stack overflow", 1, true))

-- coroutines that close one another
local function nest(count)
    local inner = count > 0 and nest(count - 1)
    local co = coroutine.create(function()
        local _ <close> = setmetatable({}, { __close = function() if inner then assert(coroutine.close(inner)) end end })
        coroutine.yield()
    end)
    coroutine.resume(co)
    return co
end
assert(coroutine.close(nest(50)) == true)
local ok, why = coroutine.close(nest(150))
assert(not ok and why:find("C stack overflow: too many coroutines close one another", 1, true), why)

-- a sequence ends at its first nil; of a table with holes # tells some end
assert(#{ 1, 2, 3 } == 3 and select("#", table.unpack({ 1, nil, 3 }, 1, 3)) == 3 and table.pack(nil, nil).n == 2)
