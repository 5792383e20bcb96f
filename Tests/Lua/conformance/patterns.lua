-- find, match, gmatch, gsub.
local function list(...) return table.concat({ ... }, ",") end
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end

assert(list(("abc"):find("b")) == "2,2" and list(("a.c"):find(".", 1, true)) == "2,2" and ("abc"):find("x") == nil)
assert(list((""):find("")) == "1,0" and list(("abc"):find("", 4)) == "4,3" and ("abc"):find("", 5) == nil)
assert(list(("abc"):find("b", -2)) == "2,2" and ("abc"):find("b", -1) == nil and list(("abc"):find("a", -100)) == "1,1")
assert(list(("abc"):find("(b)(c)")) == "2,3,b,c" and list(("abc"):find("()b()")) == "2,2,2,3")
assert(list(("a\0b"):find("\0")) == "2,2" and list(("a\0b"):find("%z")) == "2,2" and list(("a+b"):find("+", 1, true)) == "2,2")

assert(list(("key = value"):match("(%w+)%s*=%s*(%w+)")) == "key,value" and ("x"):match("y") == nil)
assert(list(("2024-01-02"):match("^(%d+)-(%d+)-(%d+)$")) == "2024,01,02")
assert(("hello"):match(".-l") == "hel" and ("hello"):match(".*l") == "hell" and ("hello"):match("l+") == "ll")
assert(("  x "):match("^%s*(.-)%s*$") == "x" and ("aaa"):match("a?") == "a" and ("aaa"):match("^a-$") == "aaa")
assert(("f(a(b)c)d"):match("%b()") == "(a(b)c)" and ("[x]"):match("%[(.*)%]") == "x")
assert(("THE (quick) fox"):match("%((%a+)%)") == "quick" and ("THE (quick) fox"):match("%f[%a]%a+", 5) == "quick")
assert(("[]]"):match("[]]") == "]" and ("a-z"):match("[a%-z]+") == "a-z" and ("^"):match("[%^]") == "^" and ("a^"):match("[a^]+") == "a^")
assert(("0x1F"):match("^0[xX](%x+)$") == "1F" and ("ab12"):match("[^%d]+") == "ab" and ("ab12"):match("%D+") == "ab")
assert(("\"quoted\" 'it'"):match("([\"'])(.-)%1") == "\"" and select(2, ("'it'"):match("([\"'])(.-)%1")) == "it")
assert(("x"):match("()") == 1 and math.type(("x"):match("()")) == "integer" and ("a$"):match("a$$") == "a$")
assert(("ÄÖ"):match("[\xc3]") == "\xc3" and ("%d"):match("%%d") == "%d" and ("a\n"):match("%c") == "\n")

local words = {}
for word in ("one two  three"):gmatch("%a+") do words[#words + 1] = word end
assert(table.concat(words, "|") == "one|two|three")
local pairs_found = {}
for key, value in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do pairs_found[#pairs_found + 1] = key .. value end
assert(table.concat(pairs_found, "|") == "a1|b2")
local count = 0
for _ in ("abc"):gmatch("") do count = count + 1 end
assert(count == 4)
local from = {}
for at in ("abcabc"):gmatch("()a", 3) do from[#from + 1] = at end
assert(list(table.unpack(from)) == "4")
for _ in ("x"):gmatch("^x") do count = count + 1 end

assert(list(("hello"):gsub("l", "L")) == "heLLo,2" and list(("hello"):gsub("l", "L", 1)) == "heLlo,1" and ("x"):gsub("x", "y", 0) == "x")
assert(list(("abc"):gsub("", "-")) == "-a-b-c-,4" and list(("abc"):gsub("%w", "%0%0")) == "aabbcc,3")
assert(("abc def"):gsub("(%w+) (%w+)", "%2 %1") == "def abc" and ("a,b"):gsub(",", "%%") == "a%b" and ("abc"):gsub("b*", "x") == "xaxcx")
assert(("abc"):gsub("%w", { a = 1, b = true and "B", c = false }) == "1Bc" and ("$x $y"):gsub("%$(%w+)", { x = "1" }) == "1 $y")
assert(("abc"):gsub("%w", function(c) if c ~= "b" then return c:upper() end end) == "AbC")
assert(("a b"):gsub("(%w) (%w)", function(x, y) return y .. x end) == "ba" and ("abc"):gsub("^a", "x") == "xbc")
assert(("x"):gsub(".", setmetatable({}, { __index = function(_, key) return key .. key end })) == "xx")
assert(("abc"):gsub(".", { a = 1.5 }) == "1.5bc" and ("hello world"):gsub("o", "0", 1) == "hell0 world")

raises("malformed pattern (missing ']')", string.find, "a", "[a")
raises("malformed pattern (ends with '%')", string.find, "a", "%")
raises("unfinished capture", string.find, "a", "(")
raises("invalid pattern capture", string.find, "a", "%a)")
raises("invalid capture index %2", string.find, "aa", "(a)%2")
raises("missing '[' after '%f' in pattern", string.find, "a", "%f")
raises("malformed pattern (missing arguments to '%b')", string.find, "a", "%b")
raises("invalid capture index %2", string.gsub, "abc", "%w", "%2")
raises("invalid use of '%' in replacement string", string.gsub, "abc", "%w", "%x")
raises("invalid replacement value (a table)", string.gsub, "abc", "%w", function() return {} end)
raises("invalid replacement value (a table)", string.gsub, "abc", "%w", { a = {} })
raises("bad argument #3 to 'string.gsub' (string/function/table expected, got no value)", string.gsub, "abc", "%w")
raises("bad argument #3 to 'string.gsub' (string/function/table expected, got boolean)", string.gsub, "abc", "%w", true)
raises("from the function", string.gsub, "x", "x", function() error("from the function", 0) end)
raises("too many captures", string.match, "x", ("()"):rep(33))
