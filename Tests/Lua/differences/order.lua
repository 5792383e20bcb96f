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
raises("table expected", next)
