-- Variables with <close>.
local log = {}
local function guard(name, fail)
    return setmetatable({}, {
        __close = function(_, problem)
            log[#log + 1] = name .. (problem == nil and "" or "(" .. tostring(problem) .. ")")
            if fail then error(fail, 0) end
        end,
    })
end
local function closed()
    local text = table.concat(log, " ")
    log = {}
    return text
end

do
    local a <close> = guard "a"
    local b <close> = guard "b"
    local none <close> = nil
    local no <close> = false
end
assert(closed() == "b a")
local function early()
    local a <close> = guard "a"
    if true then return "result", #log end
end
local result, when = early()
assert(result == "result" and when == 0 and closed() == "a")
for i = 1, 3 do
    local a <close> = guard(i)
    if i == 2 then goto continue end
    if i == 3 then break end
    ::continue::
end
assert(closed() == "1 2 3")
for _ in next, { 1, 2 }, nil, guard "loop" do break end
assert(closed() == "loop")
for _ in next, {}, nil, guard "empty" do end
assert(closed() == "empty")

local ok, problem = pcall(function()
    local a <close> = guard "a"
    local b <close> = guard "b"
    error("failed", 0)
end)
assert(not ok and problem == "failed" and closed() == "b(failed) a(failed)")
ok, problem = pcall(function()
    local a <close> = guard("a", "from a")
    local b <close> = guard("b", "from b")
    error("failed", 0)
end)
assert(not ok and problem == "from a" and closed() == "b(failed) a(from b)")
ok, problem = pcall(function()
    local a <close> = guard("a", "from a")
    return "never"
end)
assert(not ok and problem == "from a" and closed() == "a")

-- a tail call is none where something is to be closed
local function inner() return #log end
local function outer()
    local a <close> = guard "a"
    return inner()
end
assert(outer() == 0 and closed() == "a")

ok, problem = pcall(load("local x <close> = 5", "=c"))
assert(not ok and problem == "c:1: variable 'x' got a non-closable value")
ok, problem = pcall(load("local x <close> = {}", "=c"))
assert(not ok and problem == "c:1: variable 'x' got a non-closable value")
assert(select(2, load("local x <close>, y <close> = nil, nil", "=c")):find("multiple to-be-closed variables in local list", 1, true))
assert(select(2, load("local x <shut> = nil", "=c")):find("unknown attribute 'shut'", 1, true))
assert(select(2, load("local x <close> = nil; x = 1", "=c")) == "c:1: attempt to assign to const variable 'x'")
local kept = guard "kept"
do local a <close> = kept end
do local a <close> = kept end
assert(closed() == "kept kept")
