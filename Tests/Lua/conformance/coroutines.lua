-- The coroutine library.
local create, resume, yield, status, wrap, close = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status, coroutine.wrap, coroutine.close
local function list(...)
    local t = table.pack(...)
    for i = 1, t.n do t[i] = tostring(t[i]) end
    return table.concat(t, " ")
end

local co = create(function(a, b)
    local c = yield(a + b)
    local d, e = yield(c * 2)
    return d, e, "end"
end)
assert(type(co) == "thread" and status(co) == "suspended")
assert(list(resume(co, 1, 2)) == "true 3" and list(resume(co, 5)) == "true 10" and status(co) == "suspended")
assert(list(resume(co, nil, false)) == "true nil false end" and status(co) == "dead" and list(resume(co)) == "false cannot resume dead coroutine")

co = create(function() return status(co), select(2, coroutine.running()), coroutine.isyieldable() end)
assert(list(resume(co)) == "true running false true")
local main, is_main = coroutine.running()
assert(type(main) == "thread" and is_main == true and coroutine.isyieldable() == false)
local outer
outer = create(function()
    local inner = create(function() return status(outer), list(resume(outer)) end)
    return resume(inner)
end)
assert(list(resume(outer)) == "true true normal false cannot resume non-suspended coroutine")
co = create(function() return resume(co) end)
assert(list(resume(co)) == "true false cannot resume non-suspended coroutine")

-- errors stay inside, of any kind
assert(list(resume(create(error), "x")) == "false x")
local value = {}
local ok, problem = resume(create(function() error(value) end))
assert(not ok and problem == value)
co = create(function() local x = nil + 1 end)
ok, problem = resume(co)
assert(not ok and problem:find("coroutines.lua:%d+: attempt to perform arithmetic on a nil value"), problem)
assert(status(co) == "dead")
assert(list(resume(create(function() error() end))) == "false nil")

-- wrap raises, and closes what it ran
local generator = wrap(function() for i = 1, 3 do yield(i) end end)
local sum = 0
for i in generator do sum = sum + i end
assert(sum == 6)
ok, problem = pcall(generator)
assert(not ok and problem:find("cannot resume dead coroutine", 1, true))
local closed
ok, problem = pcall(wrap(function()
    local guard <close> = setmetatable({}, { __close = function(_, e) closed = e end })
    error("inside", 0)
end))
assert(not ok and problem == "inside" and closed == "inside")
ok, problem = pcall(wrap(function() error(value) end))
assert(problem == value)

-- nested generators
local function walk(tree)
    if tree then
        walk(tree.left)
        yield(tree.value)
        walk(tree.right)
    end
end
local seen = {}
for v in wrap(function() walk { left = { value = 1 }, value = 2, right = { left = { value = 3 }, value = 4 } } end) do seen[#seen + 1] = v end
assert(table.concat(seen, ",") == "1,2,3,4")

-- a yield may stand in metamethods, iterators, pcall and a table constructor
local mt = {}
for _, event in ipairs { "add", "index", "concat", "len", "call", "lt", "eq", "unm" } do
    mt["__" .. event] = function() return yield(event) end
end
local object = setmetatable({}, mt)
local events = wrap(function()
    return object + 1, object.x, object .. "x", #object, object(), object < object, object == setmetatable({}, mt), -object
end)
assert(events() == "add" and events(1) == "index" and events(2) == "concat" and events(3) == "len" and events(4) == "call")
assert(events(5) == "lt" and events(true) == "eq" and events(false) == "unm" and list(events(8)) == "1 2 3 4 5 true false 8")
local inside = wrap(function()
    local t = { yield("constructor"), yield("again") }
    for k in pairs(setmetatable({}, { __pairs = function() yield("pairs") return next, { 1 } end })) do t[#t + 1] = k end
    local ok, e = pcall(function() yield("pcall") error("caught", 0) end)
    local _, handled = xpcall(function() yield("xpcall") error("one", 0) end, function(m) return m .. " handled" end)
    return #t, e, handled
end)
assert(inside() == "constructor" and inside(1) == "again" and inside(2) == "pairs" and inside() == "pcall" and inside() == "xpcall")
assert(list(inside()) == "3 caught one handled")

-- but not across a C function that cannot wait
ok, problem = resume(create(function() return ("x"):gsub("x", function() yield() end) end))
assert(not ok and problem == "attempt to yield across a C-call boundary")
assert(not pcall(yield, 1))

-- close
co = create(function()
    local guard <close> = setmetatable({}, { __close = function(_, e) closed = list("closing", e) end })
    yield()
end)
resume(co)
assert(close(co) == true and closed == "closing nil" and status(co) == "dead" and close(co) == true)
co = create(function()
    local guard <close> = setmetatable({}, { __close = function() error("no", 0) end })
    yield()
end)
resume(co)
assert(list(close(co)) == "false no" and status(co) == "dead")
co = create(error)
resume(co, "failed")
assert(list(close(co)) == "false failed")
assert(close(create(print)) == true)
ok, problem = pcall(close, (coroutine.running()))
assert(not ok and problem == "cannot close a running coroutine")
local waiting = wrap(function()
    local guard <close> = setmetatable({}, { __close = function() yield("from close") end })
    yield("body")
    return "end"
end)
assert(waiting() == "body" and waiting() == "from close" and waiting() == "end")

ok, problem = pcall(create, 5)
assert(problem:find("bad argument #1 to 'coroutine.create' (function expected", 1, true), problem)
for _, name in ipairs { "resume", "status", "close", "isyieldable" } do
    ok, problem = pcall(coroutine[name], 5)
    assert(not ok and problem == "bad argument #1 to 'coroutine." .. name .. "' (thread expected, got number)", problem)
    ok, problem = pcall(coroutine[name], nil)
    assert(not ok and problem == "bad argument #1 to 'coroutine." .. name .. "' (thread expected, got nil)", problem)
end
ok, problem = pcall(wrap)
assert(problem == "bad argument #1 to 'coroutine.wrap' (function expected, got no value)", problem)
ok, problem = pcall(resume)
assert(problem == "bad argument #1 to 'coroutine.resume' (thread expected, got no value)", problem)
ok, problem = pcall(function() yield() end)
assert(not ok and problem == "attempt to yield from outside a coroutine", problem)
ok, problem = pcall(wrap(function() table.sort({ 3, 2, 1 }, function(a, b) yield() return a < b end) end))
assert(not ok and problem == "attempt to yield across a C-call boundary", problem)
local many = {}
for i = 1, 500 do
    many[i] = create(function(n) while true do n = n + yield(n) end end)
    resume(many[i], i)
end
for i = 1, 500 do assert(select(2, resume(many[i], 1)) == i + 1) end
