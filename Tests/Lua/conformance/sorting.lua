-- table.sort.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end
local function sorted(t, less)
    table.sort(t, less)
    return table.concat(t, ",")
end

assert(sorted {} == "" and sorted { 1 } == "1" and sorted { 2, 1 } == "1,2" and sorted { 1, 2 } == "1,2" and sorted { 3, 1, 2 } == "1,2,3")
assert(sorted { 5, 2, 8, 1, 9, 3 } == "1,2,3,5,8,9" and sorted({ 5, 2, 8, 1 }, function(a, b) return a > b end) == "8,5,2,1")
assert(sorted { "b", "a", "C", "" } == ",C,a,b" and sorted { 3, 1.5, -1, 1 / 0, -1 / 0 } == "-inf,-1,1.5,3,inf")
assert(sorted { 1, 1, 1, 1, 1 } == "1,1,1,1,1" and sorted { 2, 1, 2, 1, 2, 1 } == "1,1,1,2,2,2")

-- every length, in every state of order, with and without a comparator
local state = 1
local function random(n)
    state = state * 48271 % 2147483647
    return state % n + 1
end
local function check(t, less)
    local seen = {}
    for i = 1, #t do seen[t[i]] = (seen[t[i]] or 0) + 1 end
    local count = #t
    table.sort(t, less)
    less = less or function(a, b) return a < b end
    assert(#t == count)
    for i = 2, count do assert(not less(t[i], t[i - 1])) end
    for i = 1, count do seen[t[i]] = seen[t[i]] - 1 end
    for _, left in pairs(seen) do assert(left == 0) end
end
for _, n in ipairs { 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 101, 255, 257, 1000, 1023, 1024, 1025, 2048, 2049, 5000 } do
    local rising, falling, few, many, texts = {}, {}, {}, {}, {}
    for i = 1, n do
        rising[i], falling[i], few[i], many[i], texts[i] = i, n - i, random(3), random(1000000), "k" .. random(n)
    end
    check(rising)
    check(falling)
    check(few)
    check(many)
    check(texts)
    check(many, function(a, b) return a > b end)
    check(texts, function(a, b) return #a < #b end)
    check(rising, function(a, b) return a > b end)
end

-- never quadratic: a list that is bad for the middle element, and one that is all equal
local calls = 0
local function counted(a, b)
    calls = calls + 1
    return a < b
end
local organ = {}
for i = 1, 1000 do organ[i], organ[2001 - i] = i, i end
table.sort(organ, counted)
assert(calls < 2000 * 30, calls)

-- metamethods: of the elements, and of what behaves like a list
local mt = { __lt = function(a, b) return a.value < b.value end }
local objects = {}
for i = 1, 20 do objects[i] = setmetatable({ value = i * 7 % 20 }, mt) end
table.sort(objects)
for i = 2, 20 do assert(objects[i - 1].value <= objects[i].value) end
local behind = { 3, 1, 2 }
table.sort(setmetatable({}, {
    __len = function() return 3 end,
    __index = behind,
    __newindex = behind,
}))
assert(table.concat(behind, ",") == "1,2,3")
table.sort(setmetatable({}, { __len = function() return -1 end }))

raises("attempt to compare string with number", table.sort, { 1, "x" })
raises("attempt to compare two table values", table.sort, { {}, {} })
raises("attempt to compare two nil values", table.sort, setmetatable({}, { __len = function() return 2 end }))
raises("bad argument #2 to 'table.sort' (function expected, got number)", table.sort, { 1, 2 }, 5)
raises("bad argument #1 to 'table.sort' (table expected, got no value)", table.sort)
raises("bad argument #1 to 'table.sort' (table expected, got string)", table.sort, "x")
raises("bad argument #1 to 'table.sort' (array too big)", table.sort, setmetatable({}, { __len = function() return math.maxinteger end }))
raises("object length is not an integer", table.sort, setmetatable({}, { __len = function() return 2.5 end }))
raises("invalid order function for sorting", table.sort, { 1, 2, 3, 4 }, function() return true end)
raises("no order", table.sort, { 1, 2, 3 }, function() error("no order", 0) end)
local ok, problem = pcall(table.sort, { 1, 2, 3 }, function() error({ code = 7 }) end)
assert(not ok and problem.code == 7)
raises("attempt to yield across a C-call boundary", coroutine.wrap(function()
    table.sort({ 1, 2, 3 }, function() coroutine.yield() end)
end))
assert(pcall(table.sort, { 1 }, 5) and pcall(table.sort, {}, "x")) -- nothing to compare
