-- The table library, but for sort, and raw access.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end
local function list(t) return table.concat(t, ",") end

assert(table.concat({}) == "" and table.concat({ 1, 2.5, "x" }, "-") == "1-2.5-x" and table.concat({ 1, 2, 3 }, ",", 2) == "2,3")
assert(table.concat({ 1, 2, 3 }, ",", 2, 2) == "2" and table.concat({ 1 }, ",", 3) == "" and table.concat({ "a" }, nil) == "a")
assert(table.concat(setmetatable({}, { __index = function(_, i) return "v" .. i end, __len = function() return 3 end }), " ") == "v1 v2 v3")
raises("invalid value (table) at index 2 in table for 'concat'", table.concat, { 1, {}, 3 })
raises("invalid value (nil) at index 4 in table for 'concat'", table.concat, { 1, 2, 3 }, ",", 1, 4)
raises("bad argument #1 to 'table.concat' (table expected, got number)", table.concat, 5)
raises("bad argument #2 to 'table.concat' (string expected, got table)", table.concat, { 1 }, {})

local t = { 1, 2, 3 }
table.insert(t, 4)
table.insert(t, 1, 0)
table.insert(t, #t + 1, 5)
assert(list(t) == "0,1,2,3,4,5")
raises("bad argument #2 to 'table.insert' (position out of bounds)", table.insert, { 1, 2, 3 }, 6, 1)
raises("bad argument #2 to 'table.insert' (position out of bounds)", table.insert, { 1, 2, 3 }, 0, 1)
raises("wrong number of arguments to 'insert'", table.insert, { 1, 2, 3 })
raises("wrong number of arguments to 'insert'", table.insert, { 1, 2, 3 }, 1, 2, 3)
raises("bad argument #2 to 'table.insert' (number expected, got string)", table.insert, { 1 }, "x", 1)
raises("bad argument #2 to 'table.insert' (number has no integer representation)", table.insert, { 1 }, 1.5, 1)

assert(table.remove(t) == 5 and table.remove(t, 1) == 0 and list(t) == "1,2,3,4" and table.remove(t, 2) == 2 and list(t) == "1,3,4")
assert(table.remove({}) == nil and table.remove({}, 0) == nil and table.remove({ 1, 2 }, 3) == nil and select("#", table.remove({})) == 1)
assert(select(2, pcall(table.remove, { 1, 2, 3 }, 5)):find("position out of bounds", 1, true))
assert(select(2, pcall(table.remove, { 1, 2, 3 }, -1)):find("position out of bounds", 1, true))

assert(select("#", table.unpack({ 1, nil, 3 }, 1, 3)) == 3 and table.unpack({ 1, 2, 3 }, 2) == 2 and select("#", table.unpack({})) == 0)
assert(select("#", table.unpack({}, 1, 2)) == 2 and table.unpack({ 1, 2 }, -1, 1) == nil and select("#", table.unpack({}, 5, 1)) == 0)
raises("too many results to unpack", table.unpack, {}, 1, 1e8)
raises("too many results to unpack", table.unpack, {}, math.mininteger, math.maxinteger)
local packed = table.pack(1, nil, 3, nil)
assert(packed.n == 4 and packed[1] == 1 and packed[3] == 3 and table.pack().n == 0)

assert(list(table.move({ 1, 2, 3 }, 1, 3, 2)) == "1,1,2,3" and list(table.move({ 1, 2, 3 }, 2, 3, 1)) == "2,3,3")
assert(list(table.move({ 1, 2, 3 }, 1, 3, 3, { 9, 9 })) == "9,9,1,2,3" and list(table.move({ 1 }, 1, 0, 5)) == "1")
local moved = table.move({ 1, 2 }, 1, 2, math.maxinteger - 1, {})
assert(moved[math.maxinteger] == 2 and moved[math.maxinteger - 1] == 1)
raises("bad argument #4 to 'table.move' (destination wrap around)", table.move, { 1, 2 }, 1, 2, math.maxinteger)
raises("bad argument #3 to 'table.move' (too many elements to move)", table.move, {}, -1, math.maxinteger, 2)

-- everything but raw access goes through metamethods
local log = {}
local proxy = setmetatable({}, {
    __len = function() return 2 end,
    __index = function(_, key) return "i" .. key end,
    __newindex = function(_, key, value) log[#log + 1] = key .. "=" .. tostring(value) end,
})
table.insert(proxy, "new")
table.insert(proxy, 1, "first")
assert(list(log) == "3=new,3=i2,2=i1,1=first" and table.remove(proxy) == "i2" and table.unpack(proxy) == "i1")
assert(rawlen(proxy) == 0 and rawget(proxy, 1) == nil and rawset(proxy, 1, "raw") == proxy and rawget(proxy, 1) == "raw")
assert(rawlen("abc") == 3 and rawequal("a", "a") and rawequal(1, 1.0) and not rawequal({}, {}))
assert(select(2, pcall(rawlen, 5)):find("table or string expected", 1, true))
raises("table index is nil", rawset, {}, nil, 1)
raises("table index is NaN", rawset, {}, 0 / 0, 1)
raises("bad argument #1 to 'rawget' (table expected, got number)", rawget, 5, 1)

-- keys: floats that are whole are integers, and neither nil nor NaN is one
local keys = { [1.0] = "a", [2^53] = "b" }
assert(keys[1] == "a" and keys[1 << 53] == "b" and next({ [3.0] = true }) == 3 and math.type(next({ [3.0] = true })) == "integer")
assert(({})[nil] == nil and ({})[0 / 0] == nil and not pcall(function() keys[nil] = 1 end) and not pcall(function() keys[0 / 0] = 1 end))
keys[-0.0] = "zero"
assert(keys[0] == "zero" and keys["1"] == nil)
local constructed = { 10, 20, [2] = "lost", x = 1, "30"; 40, [10] = 5 }
assert(#constructed == 4 and constructed[2] == 20 and constructed[3] == "30" and constructed.x == 1 and constructed[10] == 5)
local spread = { (function() return 1, 2 end)(), (function() return 1, 2 end)() }
assert(#spread == 3 and #{ ((function() return 1, 2 end)()) } == 1)
assert(#{ n = 1 } == 0 and #{ nil } == 0 and #{ 1, 2, nil } == 2)
