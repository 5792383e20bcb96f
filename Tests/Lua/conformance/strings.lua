-- The string library without patterns, and what strings do by themselves.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end

assert(#"" == 0 and #"a\0b" == 3 and ("x"):len() == 1 and string.len(12) == 2)
assert("\65\066\x43\u{44}\z
        E" == "ABCDE")
assert("\a\b\f\n\r\t\v\\\"\'" == "\7\8\12\10\13\9\11\92\34\39")
assert([[
first]] == "first" and [==[a]]b]==] == "a]]b")
assert("a" .. 1 .. 2.0 == "a12.0" and 1 .. "" == "1")

assert(("hello"):sub(2) == "ello" and ("hello"):sub(-3) == "llo" and ("hello"):sub(2, -2) == "ell")
assert(("hello"):sub(0) == "hello" and ("hello"):sub(10) == "" and ("hello"):sub(4, 2) == "")
assert(("hello"):sub(math.mininteger, math.maxinteger) == "hello" and ("hello"):sub(-10, 2) == "he")
assert(("abc"):byte() == 97 and select("#", ("abc"):byte(1, -1)) == 3 and select("#", ("abc"):byte(10)) == 0)
assert(select("#", (""):byte()) == 0 and ("abc"):byte(-1) == 99 and select("#", ("abc"):byte(2, 1)) == 0)
assert(string.char() == "" and string.char(72, 105, 0) == "Hi\0")
raises("bad argument #2 to 'string.char' (value out of range)", string.char, 65, 256)
assert(("aBc1"):upper() == "ABC1" and ("aBc1"):lower() == "abc1" and ("\xe4"):upper() == "\xe4")
assert(("abc"):reverse() == "cba" and (""):reverse() == "" and ("a\0b"):reverse() == "b\0a")
assert(("ab"):rep(3) == "ababab" and ("ab"):rep(3, "-") == "ab-ab-ab" and ("ab"):rep(0) == "" and ("ab"):rep(-5, "x") == "")
assert(("x"):rep(1, "y") == "x" and (""):rep(1000000) == "")
raises("resulting string too large", string.rep, "x", 1 << 60)

-- order is by bytes, whatever follows a zero
assert("a" < "b" and "Z" < "a" and "" < "a" and "a" < "aa" and "a\0a" < "a\0b" and "a" < "a\0" and "\xff" > "a")
assert(not ("a" < "a") and "a" <= "a" and "b" >= "a" and "10" < "9")

-- numbers and strings become each other where arithmetic or concatenation asks for it
assert("10" + 5 == 15 and math.type("10" + 5) == "integer" and math.type("10.0" + 5) == "float")
assert("0x10" * 2 == 32 and "3.5" // 1 == 3.0 and -"2" == -2 and "10" % 3 == 1 and " 7 " + 0 == 7 and "1e1" + 0 == 10.0)
assert(10 .. 20 == "1020" and not pcall(function() return "3" | 0 end))
assert(not ("10" == 10) and "10" ~= 10)

-- tostring and tonumber
assert(tostring(nil) == "nil" and tostring(true) == "true" and tostring("x") == "x" and tostring(12) == "12")
assert(tostring(1.0) == "1.0" and tostring(-0.0) == "-0.0" and tostring(1e15) == "1e+15" and tostring(2^31) == "2147483648.0")
assert(tostring(1e100) == "1e+100" and tostring(2^63) == "9.2233720368548e+18" and tostring(0.1) == "0.1")
assert(tostring(1/0) == "inf" and tostring(-1/0) == "-inf" and tostring(math.mininteger) == "-9223372036854775808")
assert(tonumber("10") == 10 and tonumber(" 0x1p4 ") == 16.0 and tonumber("1e1") == 10.0 and tonumber(".5") == 0.5)
assert(tonumber("") == nil and tonumber("0x") == nil and tonumber("1 2") == nil and tonumber("10a") == nil and tonumber("1e") == nil)
assert(tonumber("inf") == nil and tonumber("nan") == nil and tonumber({}) == nil and tonumber(nil) == nil and tonumber("\0") == nil)
assert(tonumber("10", 2) == 2 and tonumber("zz", 36) == 1295 and tonumber("-ff", 16) == -255 and tonumber("8", 8) == nil)
assert(tonumber("ffffffffffffffff", 16) == -1 and tonumber("7fffffffffffffff", 16) == math.maxinteger)
assert(tonumber("9223372036854775807") == math.maxinteger and math.type(tonumber("9223372036854775808")) == "float")
assert(tonumber("1e400") == math.huge and math.type(tonumber("0x7fffffffffffffffff")) == "integer")
raises("bad argument #2 to 'tonumber' (base out of range)", tonumber, "10", 37)
raises("bad argument #1 to 'tonumber' (string expected, got number)", tonumber, 10, 10)
raises("bad argument #1 to 'tonumber' (value expected)", tonumber)
raises("bad argument #1 to 'tostring' (value expected)", tostring)

-- methods come from the string table, and what is not there is nil
assert(("x").foo == nil and ("x").len == string.len and #("x"):rep(3):upper() == 3)
string.shout = function(text) return text:upper() .. "!" end
assert(("hi"):shout() == "HI!")
string.shout = nil
assert(getmetatable("").__index == nil or getmetatable("").__index == string)
assert(not pcall(function() return ("x"):foo() end))
assert(select(2, pcall(function() return ("x"):rep({}) end)):find("bad argument #1 to 'rep' (number expected, got table)", 1, true))
