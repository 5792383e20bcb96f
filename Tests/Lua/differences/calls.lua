-- A call waits for the host's answer; where Lua cannot wait it raises an error, before anything is sent.
local function refused(place, f)
    local ok, problem
    f(function()
        ok, problem = pcall(users.get, 1)
        return "x"
    end)
    assert(ok == false and problem.kind == "invalid_argument" and problem.operation == "users.get", place)
    assert(problem.message:find("a call cannot be made inside a sort comparison", 1, true), place)
end
refused("sort", function(call) table.sort({ 2, 1 }, function(a, b) call() return a < b end) end)
refused("gsub", function(call) string.gsub("x", "x", call) end)
refused("tostring", function(call) tostring(setmetatable({}, { __tostring = call })) end)
refused("format", function(call) string.format("%s", setmetatable({}, { __tostring = call })) end)
refused("load", function(call) load(function() call() end) end)
refused("handler", function(call) xpcall(error, call) end)
refused("concat", function(call) table.concat(setmetatable({}, { __index = call, __len = function() return 1 end })) end)
refused("close by an error of wrap", function(call)
    pcall(coroutine.wrap(function()
        local _ <close> = setmetatable({}, { __close = call })
        error("x")
    end))
end)
refused("coroutine.close", function(call)
    local co = coroutine.create(function()
        local _ <close> = setmetatable({}, { __close = call })
        coroutine.yield()
    end)
    coroutine.resume(co)
    assert(coroutine.close(co))
end)

-- everywhere else it can: in metamethods that operators call, iterators, __pairs, a __close (also by an error that
-- pcall catches), pcall
local count = 0
local function call() users.get(1) count = count + 1 return count end
local object = setmetatable({}, {
    __index = call, __add = call, __eq = call, __lt = call, __len = call, __call = call, __concat = call, __newindex = call, __unm = call,
    __close = call, __pairs = function() call() return next, {}, nil end,
})
local _ = object.x, object + 1, object == setmetatable({}, getmetatable(object)), object < object, #object, object(), object .. "x", -object
object.x = 1
for _ in pairs(object) do end
for _ in function() if call() < 12 then return true end end do end
do local _ <close> = object end
pcall(function()
    local _ <close> = object
    error("x")
end)
pcall(call)
xpcall(call, print)
assert(count == 16, count)

-- a script's own coroutine sees nothing of it
local sent
local co = coroutine.wrap(function()
    users.get(1)
    sent = coroutine.yield("first")
    users.get(2)
    return "last"
end)
assert(co() == "first" and co("sent") == "last" and sent == "sent")

-- the main coroutine is the task's
local main, is_main = coroutine.running()
assert(is_main and type(main) == "thread" and coroutine.status(main) == "running" and not coroutine.isyieldable())
assert(select(2, coroutine.resume(main)) == "cannot resume non-suspended coroutine")
