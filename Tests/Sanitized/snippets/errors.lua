-- Errors of every kind of value, through every handler.
local values = { nil, false, 0, 1.5, "text", ("x"):rep(3000), { kind = "mine" }, setmetatable({}, { __tostring = function() return "shown" end }),
  setmetatable({}, { __tostring = function() error("inner") end }), setmetatable({}, { __tostring = function() return 1 end }), setmetatable({}, { __name = "Named" }), print }
local seen = {}
for index = 1, 12 do
  local ok, problem = pcall(error, values[index])
  seen[#seen + 1] = { ok, type(problem), select(2, pcall(tostring, problem)) }
  seen[#seen + 1] = { select(2, xpcall(error, function(value) return type(value) end, values[index])) }
  seen[#seen + 1] = { select(2, pcall(xpcall, error, error, values[index])) }
  seen[#seen + 1] = { select("#", coroutine.resume(coroutine.create(error), values[index])) }
  seen[#seen + 1] = { pcall(coroutine.wrap(error), values[index]) and 1 or 2 }
end
local function deep(n) return n == 0 and error("bottom") or (deep(n - 1)) end
seen[#seen + 1] = select(2, pcall(deep, 150))
seen[#seen + 1] = select(2, pcall(function() local function f() return pcall(f) end return f() end))
error(setmetatable({ detail = { 1, 2, seen[1] } }, { __tostring = function() return "the last " .. users.get(1) end }))
