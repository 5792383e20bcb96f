-- Leans on all that could differ from one run to the next, and tells the host what it saw in its calls.
local function record(...) users.get(table.concat({ ... }, "|")) end
local function keys(t)
    local list = {}
    for key in pairs(t) do list[#list + 1] = type(key) == "table" and key.name or tostring(key) end
    return table.concat(list, " ")
end

-- strings as keys: many, with removals in between, in tables that grow and shrink
local words, seen = {}, {}
for i = 1, 200 do words["word" .. i * 7919 % 1009] = i end
for i = 1, 200, 3 do words["word" .. i * 7919 % 1009] = nil end
for i = 1, 60 do words[("x"):rep(i)] = i end
record("words", keys(words))
for key in next, words do seen[#seen + 1] = key:sub(1, 8) end
record("next", #seen, table.concat(seen, " "):sub(1, 500), tostring(next(words)))
for key in pairs(words) do
    if #key % 2 == 0 then words[key] = nil end
end
record("left", keys(words):sub(1, 500))

-- objects as keys: tables, functions of the script and of the library, coroutines, iterators
local objects, named = {}, {}
for i = 40, 1, -1 do objects[i] = i % 4 == 0 and function() return i end or { name = "object " .. i } end
for i = 1, 40 do named[objects[i * 7 % 40 + 1]] = i end
named[print], named[string.rep], named[ipairs {}], named[coroutine.create(print)] = 1, 2, 3, 4
named[coroutine.wrap(print)], named[("a"):gmatch("a")], named[true], named[2.5], named.text, named[-1] = 5, 6, 7, 8, 9, 10
record("objects", keys(named))
local order = {}
for key, value in next, named do order[#order + 1] = value end
record("values", table.concat(order, " "))

-- random numbers, the clock
local drawn = {}
for i = 1, 20 do drawn[i] = math.random(1000) end
record("random", table.concat(drawn, " "), math.random(), math.randomseed(), math.random(0))
record("clock", os.time(), os.clock(), os.date("%c"), os.date("*t").yday)

-- a comparator that records its calls, and is right in spite of what it looks like
local list, compared = {}, {}
for i = 1, 150 do list[i] = { rank = math.random(40), name = "n" .. i } end
table.sort(list, function(a, b)
    compared[#compared + 1] = a.name .. b.name
    if a.rank ~= b.rank then return a.rank < b.rank end
    return #a.name > #b.name
end)
record("sort", #compared, table.concat(compared, "", 1, 100), list[1].name, list[75].name, list[150].name)

-- what objects and errors look like
local shown = {}
for i = 1, 10 do shown[i] = tostring(objects[i]) end
record("shown", table.concat(shown, " "), tostring(print), ("%s %s"):format({}, coroutine.running()))
local problems = {}
for index, fail in ipairs {
    function() return objects[1] + 1 end, function() return #nil end, function() error(objects[2]) end, function() string.rep() end,
    function() return {} < {} end, function() ("x"):bad() end, function() table.concat { {} } end, function() load("x =")() end,
} do
    problems[index] = tostring(select(2, pcall(fail)))
end
record("errors", table.concat(problems, " "), tostring(select(2, pcall(string.rep))), (select(2, load("x = ="))))

-- tables of which the length is anyone's guess, as far as the manual goes
local holes = {}
for i = 1, 64 do holes[i] = i end
for i = 1, 64, 3 do holes[i] = nil end
record("holes", #holes, keys(holes))

-- a weak table that is made weak by stealth loses nothing, however often the collector passes
local mt = {}
local stealthy = setmetatable({}, mt)
mt.__mode = "kv"
for i = 1, 20 do stealthy[{ name = "w" .. i }] = {} end
local garbage
for i = 1, 2000 do garbage = { garbage and i } end
record("weak", keys(stealthy))

-- tasks, whose calls and notes are told apart by their order alone
local results = parallel({ 5, 3, 8, 1, 9, 2, 7 }, 3, function(item)
    local first = users.get("item " .. item)
    log.info("between", { item = item, drawn = math.random(100) })
    local second = users.unlock(item + math.random(10))
    return item * 2
end)
record("parallel", table.concat(results, " "))
return { keys = keys(words):sub(1, 200), at = os.time() }
