-- table.sort makes the same comparisons each time, and keeps what is equal in its order.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and tostring(problem):find(message, 1, true), tostring(problem))
end

for _, count in ipairs { 10, 150, 3000 } do
    local list, calls = {}, 0
    for i = 1, count do list[i] = { rank = i * 7919 % 13, number = i } end
    table.sort(list, function(a, b)
        calls = calls + 1
        return a.rank < b.rank
    end)
    for i = 2, count do
        local a, b = list[i - 1], list[i]
        assert(a.rank < b.rank or a.rank == b.rank and a.number < b.number)
    end
    assert(calls < count * math.log(count, 2) + 2 * count)
end

-- a comparator that holds an element to be less than itself is told each time, from four elements on
for count = 4, 200, 7 do
    local list = {}
    for i = 1, count do list[i] = i end
    raises("invalid order function for sorting", table.sort, list, function(a, b) return a <= b end)
end

-- the list is written at the end: a comparator that raises leaves it as it was, and sees it so
local list = { 5, 4, 3, 2, 1 }
raises("enough", table.sort, list, function(a, b)
    assert(table.concat(list) == "54321")
    if a + b == 3 then error("enough") end
    return a < b
end)
assert(table.concat(list) == "54321")

-- where the list is a proxy each element is read once, and written once if it has another place
local elements, reads, writes = { 2, 1, 3 }, 0, 0
table.sort(setmetatable({}, {
    __len = function() return #elements end,
    __index = function(_, index)
        reads = reads + 1
        return elements[index]
    end,
    __newindex = function(_, index, value)
        writes = writes + 1
        elements[index] = value
    end,
}))
assert(table.concat(elements) == "123" and reads == 3 and writes == 2)
