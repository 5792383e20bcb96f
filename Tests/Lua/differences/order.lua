-- pairs and next visit the keys in an order that is the same in every run.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and tostring(problem):find(message, 1, true), tostring(problem))
end
local function keys(t)
    local list = {}
    for key in pairs(t) do list[#list + 1] = key end
    local again = {}
    for key in next, t do again[#again + 1] = key end
    assert(#again == #list)
    for index = 1, #list do assert(rawequal(list[index], again[index])) end
    return list
end

-- the whole order, with few keys and with many
for _, filling in ipairs { 0, 100 } do
    local first, second, third = {}, function() return filling end, coroutine.create(print)
    local t = { [third] = 1, [second] = 2, [first] = 3, [string.rep] = 4, [assert] = 5, [true] = 6, [false] = 7 }
    t.b, t.a, t.B, t[""], t["\xff"], t["a\0"], t[0.5], t[-3], t[0], t[1e300], t[-1 / 0], t[7] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    t[2], t[1] = 1, 1
    local expected = { 1, 2, 7, -1 / 0, -3, 0, 0.5, 1e300, "", "B", "a", "a\0", "b", "\xff", false, true, assert, string.rep, first, second, third }
    for i = 1, filling do
        t[i + 1000] = i
        table.insert(expected, 3 + i, i + 1000)
    end
    local list = keys(t)
    assert(#list == #expected)
    for index = 1, #expected do assert(rawequal(list[index], expected[index]), index) end
end

-- however many there are, and however alike they begin
local function check(t, count)
    local list, previous = keys(t), nil
    assert(#list == count)
    for _, key in ipairs(list) do
        assert(previous == nil or math.type(previous) and not math.type(key) or previous < key)
        previous = key
    end
end
for _, count in ipairs { 1, 7, 8, 9, 63, 64, 65, 66, 127, 128, 129, 255, 256, 257, 1000, 5000 } do
    for _, prefix in ipairs { "", "k", "\xffkey\0", ("long"):rep(20) } do
        local short, long, mixed = {}, {}, {}
        for i = 1, count do
            local text = prefix .. i * 7919 % 10007
            short[text], long[prefix .. ("0"):rep(i % 3 * 9) .. i] = i, i
            mixed[i % 2 == 0 and text or i * 7919 % 10007 - 5000.5] = i
        end
        check(short, count)
        check(long, count)
        check(mixed, count)
    end
    local zeros, numbers = {}, {}
    for i = 1, count do zeros["a" .. ("\0"):rep(i)], numbers[i * 7919 % 10007 - 3000] = i, i end
    check(zeros, count)
    local positive, before = true, 0
    for key in pairs(numbers) do
        assert(positive == (key > 0) and key > before or positive and key < 1 or not positive and key > before)
        positive, before = key > 0, key
    end
end

-- the same whatever was in the table before
local one, other = {}, {}
for i = 1, 300 do one["key" .. i] = true end
for i = 1, 300 do if i % 7 ~= 0 then one["key" .. i] = nil end end
for i = 294, 7, -7 do other["key" .. i] = true end
assert(table.concat(keys(one), " ") == table.concat(keys(other), " "))

-- what is added in the midst of a loop is not visited, what is removed is not either
for _, count in ipairs { 5, 500 } do
    local t, seen = {}, 0
    for i = 1, count do t["key" .. 1000 + i] = i end
    for key in pairs(t) do
        seen = seen + 1
        t["new " .. key] = true
        t["key" .. 1000 + count] = nil
    end
    assert(seen == count - 1)
end

-- pairs returns a function of its own, for this loop; next takes any key, and goes on behind where it would stand
assert(pairs {} ~= next and select("#", pairs {}) == 3)
assert(next({ a = 1, c = 2 }, "b") == "c" and next({ a = 1 }, "b") == nil and next({ a = 1, z = 2 }, 5) == "a")
local step, t = pairs { a = 1, c = 2, [-1] = 3 }
assert(step(t, "b") == "c" and step(t, "a") == "c" and step(t, "c") == nil and step(t) == -1 and step(t, -1) == "a" and step(t, {}) == nil)
step, t = pairs { [0.5] = 1, [1.5] = 2 }
assert(step(t) == 0.5 and step(t) == 0.5 and step(t, 1.5) == nil and step(t) == 0.5 and step(t, 0.5) == 1.5 and step(t) == 0.5)
raises("table expected", next)

-- Loops over records, of which many have the same few names as keys, and over lists: both are told apart from other tables.
local function walk(t)
    local list = {}
    for key, value in pairs(t) do
        assert(rawequal(rawget(t, key), value))
        list[#list + 1] = tostring(key)
    end
    return table.concat(list, " ")
end
local function sorted(t)
    local list = {}
    for key in next, t do list[#list + 1] = key end
    table.sort(list)
    return table.concat(list, " ")
end

-- the same names, in whatever order they were given, and whatever was there before
for _ = 1, 3 do
    local users = { { id = 1, login = "a", name = "A" }, { name = "A", login = "a", id = 1 }, {}, {} }
    users[3].login, users[3].name, users[3].id = "a", "A", 1
    for i = 1, 30 do users[4]["x" .. i] = i end
    for i = 1, 30 do users[4]["x" .. i] = nil end
    users[4].name, users[4].id, users[4].login = "A", 1, "a"
    for _, user in ipairs(users) do assert(walk(user) == sorted(user)) end
end

-- every number of names, around those up to which a loop is made for them once, and of every length
for _, length in ipairs { 1, 7, 8, 9, 39, 40, 41, 60 } do
    for count = 0, 70 do
        for _ = 1, 3 do
            local t = {}
            for i = 1, count do t[("k"):rep(length - 1) .. string.char(32 + i)] = i end
            local before, seen = nil, 0
            for key, value in pairs(t) do
                assert(value == key:byte(-1) - 32 and (not before or before < key))
                before, seen = key, seen + 1
            end
            assert(seen == count)
        end
    end
end

-- more kinds of records than are remembered, in turn
for _ = 1, 3 do
    for kind = 1, 200 do
        local t = { id = kind, ["kind" .. kind] = true, [("z"):rep(kind % 40 + 1)] = false }
        assert(walk(t) == sorted(t))
    end
end

-- names that are gone by the time that others stand where they stood
for round = 1, 40 do
    for _ = 1, 3 do
        local t = {}
        for i = 1, 5 do t["name " .. round .. " " .. i * 7919 % 101] = i end
        assert(walk(t) == sorted(t))
    end
    local garbage = {}
    for i = 1, 3000 do garbage[i] = { "garbage " .. i .. round } end
end

-- what is added in the midst of a loop is not visited, what is removed is not either, what is changed is seen changed
for _ = 1, 3 do
    local t, seen = { a = 1, b = 2, c = 3, d = 4 }, {}
    for key, value in pairs(t) do
        seen[#seen + 1] = key .. value
        t.b, t.c, t.aa, t.e, t[1] = nil, 30, true, true, true
    end
    assert(table.concat(seen, " ") == "a1 c30 d4", table.concat(seen, " "))
    assert(walk(t) == "1 a aa c d e")
    for key in pairs(t) do t[key] = nil end
    assert(next(t) == nil and walk(t) == "")
end

-- loops within loops, over the same record and over its like
local sum = 0
for _, a in pairs { x = 1, y = 2 } do
    for _, b in pairs { x = 10, y = 20 } do
        local t = { x = 100, y = 200 }
        for _, c in pairs(t) do
            for _, d in pairs(t) do sum = sum + a * b + c * d end
        end
    end
end
assert(sum == 90 * 4 + 90000 * 4, sum)

-- the step of such a loop may be called by hand, with any table and key
for _ = 1, 3 do
    local step, t = pairs { b = 1, d = 2, f = 3 }
    local expected = { [0] = "b", [-1] = "b", [1.5] = "b", a = "b", b = "d", c = "d", d = "f", e = "f" }
    for key, following in pairs(expected) do assert(step(t, key) == following) end
    assert(step(t) == "b" and step(t, nil, 5) == "b" and step(t, "f") == nil and step(t, "g") == nil and step(t, false) == nil)
    assert(step(t, {}) == nil and step(t, print) == nil and select("#", step(t, "f")) == 1)
    assert(step({ d = 9 }) == "d" and select(2, step({ d = 9 }, "a")) == 9 and step({}, "b") == nil and step({ x = 1 }) == nil)
    local ok, problem = pcall(step, 5)
    assert(not ok and problem:find("table expected, got number", 1, true), problem)
end

-- a list with holes, with fields, emptied, or grown in the loop
local holes = { 1, nil, 3, nil, 5 }
assert(walk(holes) == "1 3 5" and walk { n = 1, 1, 2 } == "1 2 n" and walk(table.pack(1, nil, 3)) == "1 3 n")
holes[5], holes[3] = nil, nil
assert(walk(holes) == "1")
holes[1] = nil
assert(walk(holes) == "")
local list = { 1, 2, 3 }
for index in pairs(list) do list[index + 3] = true end
assert(#list == 6)
local visited = 0
for index in pairs(list) do
    visited = visited + 1
    list[index + 1], list[index + 2] = nil, nil
end
assert(visited == 2 and walk(list) == "1 4")
for count = 0, 130 do
    local t = {}
    for i = 1, count do t[i] = i end
    local last = 0
    for index, value in pairs(t) do
        assert(index == last + 1 and value == index)
        last = index
    end
    assert(last == count)
    local step = pairs(t)
    assert(step(t, count) == nil and step(t, -1) == nil and (count == 0 or step(t) == 1) and (count < 2 or step(t, 1) == 2))
end
