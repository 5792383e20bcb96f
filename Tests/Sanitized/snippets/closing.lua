-- Variables that are closed while calls, errors and other coroutines are under way.
local log_of = {}
local function guard(name, work)
  return setmetatable({}, { __close = function(_, problem)
    log_of[#log_of + 1] = name .. ":" .. tostring(problem)
    if work then work() end
  end })
end
local function in_coroutine(work)
  local co = coroutine.create(work)
  local first = { coroutine.resume(co) }
  return coroutine.status(co), #first, select("#", coroutine.close(co)), coroutine.status(co)
end
log_of[#log_of + 1] = table.concat({ in_coroutine(function() local a <close> = guard("a") coroutine.yield(1) end) }, " ", 2, 3)
log_of[#log_of + 1] = select(2, pcall(function() local b <close> = guard("b", function() error("in close") end) error("first") end))
local c = coroutine.create(function() local c <close> = guard("c", function() pcall(users.get, 1) end) coroutine.yield() end)
coroutine.resume(c)
log_of[#log_of + 1] = tostring(coroutine.close(c))
local d = coroutine.wrap(function() local d <close> = guard("d") users.get(2) error("after a call") end)
log_of[#log_of + 1] = tostring(select(2, pcall(d)))
do
  local e <close> = guard("e", function() coroutine.wrap(function() local f <close> = guard("f") end)() end)
  for _ in pairs { 1, 2 } do users.get(3) end
end
for index in (function() local g = guard("g") return function(_, i) i = (i or 0) + 1 if i < 3 then return i end end, nil, nil, g end)() do
  log_of[#log_of + 1] = index
end
return log_of
