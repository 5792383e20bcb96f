-- expect: succeeded "alike"
-- Empties tables and fills them again, so that Lua keeps their keys elsewhere, and looks which loops share a step.
runbook {}
local function fill(t, prefix, names)
  for name in names:gmatch "." do t[prefix .. name] = true end
end
local function share(one, other)
  local _ = pairs(one), pairs(one)
  return pairs(one) == pairs(other)
end
for round = 1, 60 do
  local record, plain, prefix = { 1 }, {}, "name" .. round
  fill(record, prefix, "abcd")
  record[1], record[prefix .. "a"] = nil, nil
  record[prefix .. "e"] = true
  fill(plain, prefix, "bcde")
  if not share(record, plain) or not share(plain, record) then return "records differ" end

  local list = {}
  fill(list, prefix, "abcd")
  for name in pairs(list) do list[name] = nil end
  for index = 3, 1, -1 do list[index] = index end
  if not share(list, { 1, 2, 3 }) then return "lists differ" end
end
return "alike"
