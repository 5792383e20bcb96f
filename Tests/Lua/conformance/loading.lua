-- load.
local function pieces(list)
    local n = 0
    return function()
        n = n + 1
        return list[n]
    end
end

assert(load("return 1")() == 1 and load("return ...")(5) == 5 and load("")() == nil and load("-- only a comment")() == nil)
assert(load(pieces { "return ", "1", " + ", "2" })() == 3 and load(pieces { "return 1", "", " + error" })() == 1 and load(pieces {})() == nil)
assert(load(pieces { "return ", 5 })() == 5)
local long = {}
for i = 1, 1000 do long[i] = "x = (x or 0) + 1\n" end
local env = {}
load(pieces(long), "=long", "t", env)()
assert(env.x == 1000)

-- the name, as errors show it
assert(select(2, load("x =", "@file.lua")):find("^file.lua:1: ") and select(2, load("x =", "=name")):find("^name:1: "))
assert(select(2, load("x =")):find('^%[string "x ="%]:1: ') and select(2, load("x =\n", "a\nb")):find('^%[string "a..."%]:2: '))
assert(select(2, load(pieces { "x =" })):find("^=?%(?load%)?:1: ") and select(2, load("x =", ("n"):rep(100))):find('^%[string "n+%.%.%."%]:1: '))
assert(select(2, pcall(load("error('here')", "@other.lua"))) == "other.lua:1: here")

-- mode and environment
local f, problem = load("return 1", "n", "b")
assert(f == nil and problem == "attempt to load a text chunk (mode is 'b')")
assert(select(2, load("return 1", "n", "")) == "attempt to load a text chunk (mode is '')" and load("return 1", "n", "bt")() == 1)
assert(load("\27Lua", "binary", "t") == nil)
assert(load("return x", "n", "t", { x = 7 })() == 7 and load("x = 1", "n", "t", env)() == nil and env.x == 1 and rawget(_G, "x") == nil)
assert(not pcall(load("return x", "n", "t", nil)) and load("return _ENV", "n", "t", 5)() == 5 and load("return assert")() == assert)
assert(load("local _ENV = { y = 2 } return y")() == 2)

-- a reader that fails, or does not return text, is a load that fails
local function fails(reader)
    local ok, f, problem = pcall(load, reader)
    assert(ok and f == nil)
    return problem
end
local object = {}
assert(fails(function() error("reader", 0) end) == "reader" and fails(function() error("reader") end):find("loading.lua:%d+: reader"))
assert(fails(function() error(object) end) == object and fails(function() error() end) == nil)
assert(fails(function() return {} end) == "reader function must return a string")
assert(fails(function() return true end) == "reader function must return a string")
assert(fails(function() coroutine.yield() end):find("attempt to yield", 1, true))

-- syntax errors: what and where
local function syntax(code) return select(2, load(code, "=s")) end
assert(syntax "x = = 1" == "s:1: unexpected symbol near '='" and syntax("x = 1 1"):find("^s:1: .* near '1'$"))
assert(syntax("return 'abc"):find("^s:1: unfinished string near ") and syntax "x = }" == "s:1: unexpected symbol near '}'")
assert(syntax("\n\nfor i = 1 do end"):find("^s:3: ") and syntax("if x then"):find("'end' expected near <eof>", 1, true))
assert(syntax("return [[abc"):find("unfinished long string", 1, true) and syntax("--[[ abc"):find("unfinished long comment", 1, true))
assert(syntax("x = 3x"):find("malformed number near '3x'", 1, true) and syntax("x = 0x"):find("malformed number", 1, true) and syntax("return '\\400'"):find("decimal escape too large", 1, true))
assert(syntax("return '\\xzz'"):find("hexadecimal digit expected", 1, true) and syntax("return '\\q'"):find("invalid escape sequence", 1, true))
assert(syntax("return " .. ("("):rep(300) .. "1" .. (")"):rep(300)):find("overflow", 1, true) and syntax("local a" .. (",a"):rep(250)):find("too many local variables", 1, true))
assert(syntax "return ..." == nil and load("function f() return ... end") == nil)

assert(select(2, pcall(load)) == "bad argument #1 to 'load' (function expected, got no value)")
assert(select(2, pcall(load, {})) == "bad argument #1 to 'load' (function expected, got table)")
assert(select(2, pcall(load, "x", {})) == "bad argument #2 to 'load' (string expected, got table)")
assert(load(5) == nil) -- a number is the text of one
