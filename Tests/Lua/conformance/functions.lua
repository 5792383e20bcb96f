-- Functions: arguments, results, closures, tail calls, scope.
local function count(...) return select("#", ...) end

assert(count() == 0 and count(nil) == 1 and count(nil, nil) == 2 and count((count())) == 1 and count(count(), count()) == 2)
local function echo(...) return ... end
assert(count(echo(1, 2, 3)) == 3 and count(echo(1, 2, 3), 4) == 2 and count((echo(1, 2, 3))) == 1 and count(echo()) == 0)
local function first(a, b, ...) return a, b, select("#", ...) end
local a, b, rest = first(1)
assert(a == 1 and b == nil and rest == 0)
a, b, rest = first(1, 2, 3, nil)
assert(rest == 2)
local x, y, z = echo(1, 2)
assert(x == 1 and y == 2 and z == nil)
x, y = y, x
assert(x == 2 and y == 1)
local t, i = {}, 1
i, t[i] = i + 1, 20
assert(i == 2 and t[1] == 20)

local function counter()
    local n = 0
    return function() n = n + 1 return n end, function() return n end
end
local up, get = counter()
local up2 = counter()
assert(up() == 1 and up() == 2 and get() == 2 and up2() == 1)
local functions = {}
for index = 1, 3 do functions[index] = function() index = index + 1 return index end end
assert(functions[1]() == 2 and functions[1]() == 3 and functions[2]() == 3)

local function loop(n) if n == 0 then return "end" end return loop(n - 1) end
assert(loop(200000) == "end") -- a tail call takes no stack
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
assert(deep(10000) == 10000)
local function endless() return 1 + endless() end
local ok, problem = pcall(endless)
assert(not ok and problem:find("stack overflow", 1, true))
assert(not pcall(function() return ("x"):rep(10, endless()) end))

local object = { value = 5 }
function object.plain(v) return v end
function object:method(n) return self.value + n end
object.inner = { deep = {} }
function object.inner.deep:name() return self == object.inner.deep end
assert(object:method(1) == 6 and object.method({ value = 1 }, 1) == 2 and object.inner.deep:name() and object.plain "text" == "text" and object.plain { 1 }[1] == 1)

local outer = 1
do
    local outer = outer + 1
    assert(outer == 2)
end
assert(outer == 1)
local constant <const> = 10
assert(constant + 1 == 11 and load("local x <const> = 1; x = 2") == nil and select(2, load("local x <const> = 1; x = 2", "=c")) == "c:1: attempt to assign to const variable 'x'")

local _ENV = { assert = assert }
global = 1
assert(_ENV.global == 1)
local function isolated(_ENV) return name end
assert(isolated { name = "inside" } == "inside")
