-- math.random and math.randomseed: xoshiro256**, so that a seed gives the same numbers everywhere.
local function raises(message, f, ...)
    local ok, problem = pcall(f, ...)
    assert(not ok and problem == message, tostring(problem))
end
local function draw(...)
    math.randomseed(...)
    local t = {}
    for i = 1, 5 do t[i] = math.random(1000) end
    return table.concat(t, ",")
end

assert(draw(42) == draw(42) and draw(42) ~= draw(43) and draw(42, 1) ~= draw(42, 2) and draw(42) == draw(42, 0) and draw(42.0) == draw(42))
for _ = 1, 1000 do
    local r, n, m = math.random(), math.random(6), math.random(-3, 3)
    assert(r >= 0 and r < 1 and math.type(r) == "float")
    assert(n >= 1 and n <= 6 and math.type(n) == "integer" and m >= -3 and m <= 3)
end
assert(math.random(5, 5) == 5 and math.random(1) == 1 and math.type(math.random(math.mininteger, math.maxinteger)) == "integer")
local seen = {}
for _ = 1, 1000 do seen[math.random(10)] = true end
assert(#seen == 10)
local first, second = math.randomseed(7, 9)
assert(first == 7 and second == 9 and select("#", math.randomseed()) == 2)
local x, y = math.randomseed()
math.randomseed(x, y)
local again = math.random(0)
math.randomseed(x, y)
assert(math.random(0) == again)

raises("bad argument #1 to 'math.random' (interval is empty)", math.random, -1)
assert(select(2, pcall(math.random, 2, 1)):find("interval is empty", 1, true))
raises("wrong number of arguments", math.random, 1, 2, 3)
raises("bad argument #1 to 'math.random' (number has no integer representation)", math.random, 0.5)
raises("bad argument #1 to 'math.randomseed' (number expected, got string)", math.randomseed, "x")
