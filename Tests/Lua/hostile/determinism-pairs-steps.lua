-- expect: succeeded ["false true true","function: 1 function: 1 function: 2 function: 3 function: 3","10 30 40 20"]
-- Looks which loops share a step, gives steps as keys, and fills the places where they are kept with others.
runbook {}
local function record(...)
  local t = {}
  for _, name in ipairs { ... } do t[name] = true end
  return t
end
local function step(...) return (pairs(record(...))) end
local first = step("id", "login", "name")
local second, third = step("name", "login", "id"), step("login", "id", "name")
local alike = table.concat({ tostring(first == second), tostring(second == third), tostring(pairs { 1, 2 } == pairs { 3, 4 }) }, " ")
local shown = {}
for index, shape in ipairs { second, third, pairs {}, pairs { 5 }, (pairs { 6 }) } do shown[index] = tostring(shape) end
for round = 1, 3 do
  for kind = 1, 500 do step("kind" .. kind, "other" .. kind % 7) end
end
local order = {}
local steps = { [second] = 10, [step("id", "login", "name")] = 40, [(pairs { 1, 2 })] = 30, [(pairs { 1, 2, 3 })] = 20 }
for _, value in pairs(steps) do order[#order + 1] = value end
return { alike, table.concat(shown, " "), table.concat(order, " ") }
