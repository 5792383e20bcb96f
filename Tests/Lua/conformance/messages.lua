-- What the errors of operators and of called functions say.
local function message(code, ...)
    local f, problem = load(code, "=m", "t", _ENV)
    if not f then return problem end
    return select(2, pcall(f, ...))
end
local function check(code, expected)
    local problem = message(code)
    assert(problem == "m:1: " .. expected, tostring(problem))
end

check("local t = {} t.x.y = 1", "attempt to index a nil value (field 'x')")
check("local t = {} return t.x.y.z", "attempt to index a nil value (field 'x')")
check("return nowhere.x", "attempt to index a nil value (global 'nowhere')")
check("local a return a.x", "attempt to index a nil value (local 'a')")
check("local a = 5 a.x = 1", "attempt to index a number value (local 'a')")
check("local up local function f() return up.x end return f()", "attempt to index a nil value (upvalue 'up')")
check("return ('x').y.z", "attempt to index a nil value (field 'y')")
check("return (nil).x", "attempt to index a nil value")
check("nowhere()", "attempt to call a nil value (global 'nowhere')")
check("local t = {} t.x()", "attempt to call a nil value (field 'x')")
check("local t = {} t:x()", "attempt to call a nil value (method 'x')")
check("local x = {} x()", "attempt to call a table value (local 'x')")
check("math.foo()", "attempt to call a nil value (field 'foo')")
check("(1)()", "attempt to call a number value")
check("return 1 + nil", "attempt to perform arithmetic on a nil value")
check("local t = {} return t.x + 1", "attempt to perform arithmetic on a nil value (field 'x')")
check("return 'a' + 1", "attempt to add a 'string' with a 'number'")
check("return {} .. 'x'", "attempt to concatenate a table value")
check("local t = {} return 'x' .. t.name", "attempt to concatenate a nil value (field 'name')")
check("return #nil", "attempt to get length of a nil value")
check("local n = 5 return #n", "attempt to get length of a number value (local 'n')")
check("return 1 < 'x'", "attempt to compare number with string")
check("return {} <= {}", "attempt to compare two table values")
check("return nil < 1", "attempt to compare nil with number")
check("return 2^53 | 0.5", "number has no integer representation")
check("return 'a' | 1", "attempt to perform bitwise operation on a string value (constant 'a')")

-- a name of its own is shown where a value has one
check("return setmetatable({}, { __name = 'My.Type' }) + 1", "attempt to perform arithmetic on a My.Type value")
check("return setmetatable({}, { __name = 'My.Type' })()", "attempt to call a My.Type value")
check("return string.rep(setmetatable({}, { __name = 'My.Type' }))", "bad argument #1 to 'rep' (string expected, got My.Type)")
check("return setmetatable({}, { __name = 'My.Type' }) < 1", "attempt to compare My.Type with number")

-- functions of the library: by the name of the call, with the position of the caller
check("string.rep()", "bad argument #1 to 'rep' (string expected, got no value)")
check("('x'):rep()", "bad argument #1 to 'rep' (number expected, got no value)")
check("('x'):rep({})", "bad argument #1 to 'rep' (number expected, got table)")
check("('x').rep()", "bad argument #1 to 'rep' (string expected, got no value)")
check("local f = string.rep f()", "bad argument #1 to 'f' (string expected, got no value)")
check("local t = { f = string.rep } t.f()", "bad argument #1 to 'f' (string expected, got no value)")
check("local t = { f = string.rep } t:f()", "calling 'f' on bad self (string expected, got table)")
check("return string.rep()", "bad argument #1 to 'rep' (string expected, got no value)")
check("('%d'):format('x')", "bad argument #1 to 'format' (number expected, got string)")
check("string.format('%d', 'x')", "bad argument #2 to 'format' (number expected, got string)")
check("setmetatable(1, {})", "bad argument #1 to 'setmetatable' (table expected, got number)")
check("setmetatable({})", "bad argument #2 to 'setmetatable' (nil or table expected, got no value)")
check("tostring()", "bad argument #1 to 'tostring' (value expected)")
check("next(1)", "bad argument #1 to 'next' (table expected, got number)")
check("table.sort(1)", "bad argument #1 to 'sort' (table expected, got number)")
check("table.sort({2, 1}, 1)", "bad argument #2 to 'sort' (function expected, got number)")
check("os.time(5)", "bad argument #1 to 'time' (table expected, got number)")
check("os.date({})", "bad argument #1 to 'date' (string expected, got table)")
check("math.randomseed({})", "bad argument #1 to 'randomseed' (number expected, got table)")
check("collectgarbage('x')", "bad argument #1 to 'collectgarbage' (invalid option 'x')")
check("local t = setmetatable({}, { __index = function(_, k) return string.rep(k) end }) local _ = t[{}]", "bad argument #1 to 'rep' (string expected, got table)")
check("local t = setmetatable({}, { __add = string.rep }) local _ = t + 1", "bad argument #1 to 'add' (string expected, got table)")

-- without a name of the call, the function's own
for name, f in pairs { ["string.rep"] = string.rep, ["string.format"] = string.format, ["table.concat"] = table.concat,
    ["math.floor"] = math.floor, ["coroutine.wrap"] = coroutine.wrap, ["utf8.len"] = utf8.len, setmetatable = setmetatable, ipairs = ipairs, tostring = tostring, pcall = pcall } do
    local _, problem = pcall(f)
    assert(problem:find("bad argument #1 to '" .. name .. "' (", 1, true), problem)
end
