-- math.random is seeded from the run: the same numbers whenever the run is repeated.
local function draw(count)
    local list = {}
    for i = 1, count do list[i] = math.random(1000000) end
    return table.concat(list, " ")
end
local drawn = draw(10)
local high, low = math.randomseed()
assert(math.type(high) == "integer" and low == 0, "one number, and no address")
assert(draw(10) == drawn, "without arguments the run's own seed")
assert(select("#", math.randomseed()) == 2 and math.randomseed() == high and select(2, math.randomseed()) == low)
math.randomseed(123456789)
assert(draw(10) ~= drawn)
math.randomseed(high, low)
assert(draw(10) == drawn)
