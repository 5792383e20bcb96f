-- expect: succeeded {"date":"2023-11-14 22:13:20","error":"users.find: invalid_argument: expected a filter such as { login = \"…\" }, got a number","login":"user3","seen":3} ; sends users.page=2
-- Replaces functions of the libraries by its own, for the host's Lua to call them.
runbook { needs = { "users:read" } }
local pcall, error = pcall, error
local poison = function() error("poison") end
for _, library in ipairs { string, table, math, utf8, coroutine } do
  for name in pairs(library) do library[name] = poison end
end
pcall, select, type, tostring, setmetatable, getmetatable, ipairs, pairs, next = pcall, poison, poison, poison, poison, poison, poison, poison, poison
local seen = 0
for _ in users.each() do seen = seen + 1 end
local _, failure = pcall(users.find, 7)
log.info("poisoned", { seen = seen })
return {
  seen = seen, login = users.find { id = 3 }.login, date = os.date("!%Y-%m-%d %H:%M:%S", 1700000000),
  error = failure.operation .. ": " .. failure.kind .. ": " .. failure.message,
}
