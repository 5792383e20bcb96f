-- error, assert, pcall, xpcall.
local function values(...)
    local t = table.pack(...)
    for i = 1, t.n do t[i] = tostring(t[i]) end
    return table.concat(t, " ")
end

assert(values(pcall(error)) == "false nil" and values(pcall(error, nil)) == "false nil" and values(pcall(error, "m", 0)) == "false m")
local object = setmetatable({}, { __tostring = function() return "object" end })
for _, value in ipairs { object, 5, 1.5, true, false, print, coroutine.create(print) } do
    local ok, problem = pcall(error, value)
    assert(ok == false and rawequal(problem, value))
end
assert(values(pcall(function() return 1, nil, 3 end)) == "true 1 nil 3" and values(pcall(select, "#", nil, nil)) == "true 2" and values(pcall(pcall)) == "false bad argument #1 to 'pcall' (value expected)")
assert(values(pcall(pcall, error)) == "true false nil" and values(pcall(5)) == "false attempt to call a number value" and values(pcall(nil)) == "false attempt to call a nil value")

-- levels
local function one() error("one") end
local function two() error("two", 2) end
local function zero() error("zero", 0) end
local line = "errors.lua:"
assert(select(2, pcall(one)):find(line .. "%d+: one$") and select(2, pcall(zero)) == "zero" and select(2, pcall(function() two() end)):find(line .. "%d+: two$"))
assert(select(2, pcall(error, "m")) == "m" and select(2, pcall(error, "m", 1)) == "m" and math.type(select(2, pcall(error, 5, 1))) == "integer")
local ok, problem = pcall(load("\n\nerror('third')", "=chunk"))
assert(problem == "chunk:3: third")
ok, problem = pcall(load("local function f() error('x', 2) end\nlocal function g()\n f() end\ng()", "=chunk"))
assert(problem == "chunk:3: x")

-- assert
assert(values(assert(1, 2, nil, 4)) == "1 2 nil 4" and values(pcall(assert, false)) == "false assertion failed!" and values(pcall(assert, nil, "why")) == "false why")
ok, problem = pcall(assert, false, object)
assert(problem == object and values(pcall(assert, false, nil)) == "false nil" and select(2, pcall(assert)) == "bad argument #1 to 'assert' (value expected)")

-- xpcall
assert(values(xpcall(error, function(m) return "handled " .. tostring(m) end, "x")) == "false handled x")
assert(values(xpcall(function(...) return ... end, print, 1, nil, 3)) == "true 1 nil 3" and values(xpcall(error, function() end)) == "false nil")
assert(values(xpcall(error, function(m) return m, "second" end, "x")) == "false x")
assert(values(xpcall(function() local x = nil; return x.y end, function(m) return (m:gsub("^.-:%d+: ", "")) end)) == "false attempt to index a nil value (local 'x')")
ok, problem = xpcall(error, function(m) if m == "x" then error("y", 0) end return "handled " .. m end, "x")
assert(ok == false and problem == "handled y")
assert(xpcall(error, function() error("again") end, "x") == false)
assert(select(2, xpcall(function() error({ code = 1 }) end, function(m) return m.code end)) == 1)
assert(select(2, pcall(xpcall)) == "bad argument #2 to 'xpcall' (function expected, got no value)")
local depth = 0
local function nest(n)
    if n == 0 then error("bottom", 0) end
    local ok, problem = pcall(nest, n - 1)
    depth = depth + 1
    error(problem .. n, 0)
end
assert(select(2, pcall(nest, 3)) == "bottom123" and depth == 3)
-- a handler runs where the error was raised
local _, where = xpcall(function() local function inner() error("x", 0) end inner() end, function() return coroutine.isyieldable() end)
assert(where == false)
-- an overflow is caught, and the script goes on
local function endless() return 1 + endless() end
for _ = 1, 3 do assert(not pcall(endless)) end
local text = ("x"):rep(100)
assert(not pcall(string.rep, text, 1 << 60) and #text == 100)
