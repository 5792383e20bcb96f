-- pairs, ipairs, next, select, and the generic for.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end
local function count(t)
    local n = 0
    for _ in pairs(t) do n = n + 1 end
    return n
end

assert(count {} == 0 and count { 1, 2, 3 } == 3 and count { 10, nil, 30, a = 1, [1.5] = 2, [true] = 3, [{}] = 4, [print] = 5 } == 7)
local order = {}
for index, value in pairs { "a", "b", "c" } do order[#order + 1] = index .. value end
assert(table.concat(order, " ") == "1a 2b 3c")

-- every key once, with its value, whatever the keys are
local t, expected = {}, 0
for i = 1, 500 do
    t[i], t["k" .. i], t[i + 0.5], t[-i] = i, i, i, i
    expected = expected + 4
end
local seen = 0
for key, value in pairs(t) do
    assert(rawget(t, key) == value)
    seen = seen + 1
end
assert(seen == expected)
seen = 0
for key, value in next, t do
    assert(rawget(t, key) == value)
    seen = seen + 1
end
assert(seen == expected)

-- fields may be changed and cleared in the midst of a loop
for key, value in pairs(t) do t[key] = value + 1 end
assert(t[1] == 2 and t.k500 == 501 and t[-500] == 501)
seen = 0
for key in pairs(t) do
    seen = seen + 1
    t[key] = nil
end
assert(seen == expected and next(t) == nil)
for i = 1, 100 do t["x" .. i] = i end
seen = 0
for key in next, t do
    seen = seen + 1
    t[key] = nil
end
assert(seen == 100 and next(t) == nil)
for i = 1, 50 do t[i] = i end
for key in pairs(t) do
    t[key] = nil
    t[51 - key] = nil
end
assert(next(t) == nil)

-- loops within loops, over the same table too
local product = 0
local inner = { 1, 2, 3, x = 4, y = 5 }
for _, a in pairs(inner) do
    for _, b in pairs(inner) do
        for _, c in next, inner do product = product + a * b * c end
    end
end
assert(product == 15 ^ 3)

-- what pairs returns may be called by hand, as often as wanted
local step, state, first = pairs { x = 1 }
assert(step(state, first) == "x" and select(2, step(state, first)) == 1 and step(state, "x") == nil and first == nil)
step, state, first = pairs { 10, 20 }
assert(step(state, 1) == 2 and step(state, first) == 1 and step(state, 2) == nil and type(state) == "table")
assert(next {} == nil and next { 5 } == 1 and select(2, next { 5 }) == 5 and next({ 5 }, 1) == nil and select("#", next {}) == 1)

-- __pairs
local collected = {}
for key, value in pairs(setmetatable({}, {
    __pairs = function(object)
        return function(_, key)
            key = (key or 0) + 1
            if key < 4 then return key, key * key end
        end, object, nil
    end,
})) do
    collected[#collected + 1] = key .. ":" .. value
end
assert(table.concat(collected, " ") == "1:1 2:4 3:9")
assert(select("#", pairs(setmetatable({}, { __pairs = function() return 1, 2, 3, 4 end }))) == 3)
assert(select("#", pairs(setmetatable({}, { __pairs = function() end }))) == 3)

-- ipairs ends at the first nil, and goes through __index
local function length(t)
    local n = 0
    for index, value in ipairs(t) do
        assert(value ~= nil)
        n = index
    end
    return n
end
assert(length {} == 0 and length { 1, 2, nil, 4 } == 2 and length { [0] = 1, 2 } == 1 and length { 1, false, 3 } == 3)
assert(length(setmetatable({}, { __index = function(_, i) if i < 4 then return i end end })) == 3)
local growing = { 1 }
for index in ipairs(growing) do
    if index < 5 then growing[index + 1] = true end
end
assert(#growing == 5)

-- the generic for with a state, a closing value and a callable object
local closed
for a, b in function(s, c) if c < s then return c + 1, c end end, 3, 0, setmetatable({}, { __close = function() closed = true end }) do
    assert(a == b + 1)
end
assert(closed)
local n = 0
for value in setmetatable({ 3 }, { __call = function(self) self[1] = self[1] - 1 if self[1] >= 0 then return self[1] end end }) do
    n = n + value
end
assert(n == 3)

raises("bad argument #1 to 'next' (table expected, got number)", next, 5)
raises("bad argument #1 to 'pairs' (value expected)", pairs)
raises("bad argument #1 to 'ipairs' (value expected)", ipairs)
local function message(code) return select(2, pcall(assert(load(code, "=code")))) end
assert(message "for _ in pairs(nil) do end" == "code:1: bad argument #1 to 'for iterator' (table expected, got nil)")
assert(message "for _ in pairs(5) do end" == "code:1: bad argument #1 to 'for iterator' (table expected, got number)")
assert(message("for _ in 5 do end"):find("code:1: attempt to call a number value", 1, true))

assert(select("#") == 0 and select("#", nil, nil) == 2 and select(2, 1, 2, 3) == 2 and select(-1, 1, 2, 3) == 3 and select("#", select(4, 1, 2, 3)) == 0)
raises("bad argument #1 to 'select' (index out of range)", select, 0)
raises("bad argument #1 to 'select' (index out of range)", select, -5, 1)
raises("bad argument #1 to 'select' (number expected, got string)", select, "x")
