-- Integer and float arithmetic, bits, comparison, numeric loops, goto.
local function message(code)
    local f, problem = load(code, "=code")
    if not f then return problem end
    return select(2, pcall(f))
end
local function is(value, expected, kind) return value == expected and math.type(value) == kind end

assert(is(7 // 2, 3, "integer") and is(-7 // 2, -4, "integer") and is(7 // -2, -4, "integer") and is(7.0 // 2, 3.0, "float") and is(-7 // 2.0, -4.0, "float"))
assert(is(7 % 3, 1, "integer") and is(-7 % 3, 2, "integer") and is(7 % -3, -2, "integer") and 5.5 % 2 == 1.5 and -5.5 % 2 == 0.5 and 5 % math.huge == 5.0)
assert(-1 % math.huge == math.huge and 1 // 0.0 == math.huge and -1 // 0.0 == -math.huge and 0 / 0 ~= 0 / 0)
assert(is(6 / 2, 3.0, "float") and is(2 ^ 2, 4.0, "float") and is(3 + 4.0, 7.0, "float") and is(3 * 4, 12, "integer") and is(-(-3), 3, "integer"))
assert(math.maxinteger + 1 == math.mininteger and math.maxinteger * 2 == -2 and math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
assert(2 ^ -1 == 0.5 and -2 ^ 2 == -4.0 and 2 ^ 3 ^ 2 == 512.0 and 1 - 1 - 1 == -1 and 2 * 3 % 4 == 2 and not nil == true)
assert(1 .. 2 == "12" and "a" .. "b" .. "c" == "abc" and 1 + 2 < 4 and not (1 == 2) and (1 or error()) == 1 and (nil and error()) == nil)
assert((false or nil) == nil and (nil or false) == false and (0 and "zero is true") == "zero is true")

assert(1 << 62 == 4611686018427387904 and 1 << 63 == math.mininteger and 1 << 64 == 0 and 1 << -1 == 0 and -1 >> 63 == 1 and -1 >> 64 == 0 and 2 >> -1 == 4)
assert(5 & 3 == 1 and 5 | 3 == 7 and 5 ~ 3 == 6 and ~0 == -1 and 2.0 | 1 == 3 and (1 << 53) | 0 == 2 ^ 53 and 0xff & 0x0f << 4 == 0xf0)
assert(message "return 1.5 | 1" == "code:1: number has no integer representation" and message "return 1 & 2^63" == "code:1: number has no integer representation")
assert(message "return 1 & {}" == "code:1: attempt to perform bitwise operation on a table value")
assert(message("return 1 // 0"):find("^code:1: attempt to ") and message("return 1 % 0"):find("^code:1: attempt to "))
assert(message "return 1 + {}" == "code:1: attempt to perform arithmetic on a table value" and message "return -{}" == "code:1: attempt to perform arithmetic on a table value")

-- comparison is exact between integers and floats
assert(1 == 1.0 and math.maxinteger + 0.0 ~= math.maxinteger and math.maxinteger < math.maxinteger + 0.0 and math.mininteger == math.mininteger + 0.0)
assert(2 ^ 53 == 1 << 53 and (1 << 53) + 1 ~= 2 ^ 53 and (1 << 53) + 1 > 2 ^ 53 and 1 < 1.5 and -0.0 == 0.0 and 1 / -0.0 == -math.huge)
assert(not (0 / 0 < 1) and not (0 / 0 > 1) and not (0 / 0 == 0 / 0) and math.huge > math.maxinteger and -math.huge < math.mininteger)
assert(message "return 1 < '2'" == "code:1: attempt to compare number with string" and message "return {} < {}" == "code:1: attempt to compare two table values")
assert(message "return nil > 1" == "code:1: attempt to compare number with nil")

-- numerals
assert(0xff == 255 and 0xffffffffffffffff == -1 and 0x1p-2 == 0.25 and 0xA.8p0 == 10.5 and 1e2 == 100.0 and .5 == 0.5 and 3. == 3.0 and 3e-1 == 0.3)
assert(math.type(9223372036854775807) == "integer" and math.type(9223372036854775808) == "float" and math.type(1e2) == "float" and 0x7fffffffffffffff == math.maxinteger)

-- numeric loops
local function collect(first, last, step)
    local t = {}
    for i = first, last, step or 1 do t[#t + 1] = tostring(i) end
    return table.concat(t, " ")
end
assert(collect(1, 3) == "1 2 3" and collect(3, 1, -1) == "3 2 1" and collect(1, 0) == "" and collect(1, 10, 4) == "1 5 9" and collect(1.0, 2, 0.5) == "1.0 1.5 2.0")
assert(collect(math.maxinteger - 1, math.maxinteger) == "9223372036854775806 9223372036854775807" and collect(math.mininteger, math.mininteger) == "-9223372036854775808")
assert(collect(1, 3.9) == "1 2 3" and collect(1, -math.huge) == "" and collect(math.mininteger, math.mininteger + 2, math.maxinteger) == "-9223372036854775808")
assert(message "for i = 1, 10, 0 do end" == "code:1: 'for' step is zero" and message("for i = 'x', 10 do end"):find("'for' initial value", 1, true))
assert(message("for i = 1, {} do end"):find("'for' limit", 1, true) and message("for i = 1, 2, {} do end"):find("'for' step", 1, true))
local changed = 0
for i = 1, 3 do
    i = i * 10
    changed = changed + i
end
assert(changed == 60)

-- goto, break, repeat
local visited = {}
for i = 1, 5 do
    for j = 1, 5 do
        if j == 3 then goto next_i end
        if i == 4 then goto done end
        visited[#visited + 1] = i .. j
    end
    ::next_i::
end
::done::
assert(table.concat(visited, " ") == "11 12 21 22 31 32")
local n = 0
::top::
n = n + 1
if n < 5 then goto top end
assert(n == 5)
local closures = {}
do
    local i = 1
    ::again::
    local captured = i
    closures[i] = function() captured = captured + 1 return captured end
    i = i + 1
    if i <= 3 then goto again end
end
assert(closures[1]() == 2 and closures[1]() == 3 and closures[2]() == 3 and closures[3]() == 4)
repeat local inside = true until inside
while true do break end
assert(message("goto nowhere"):find("no visible label 'nowhere'", 1, true) and message("break"):find("^code:1: break outside"))
assert(message "::a:: ::a::" == "code:1: label 'a' already defined on line 1")
assert(message "do goto x end local a ::x:: print(a)" == "code:1: <goto x> at line 1 jumps into the scope of local 'a'")
