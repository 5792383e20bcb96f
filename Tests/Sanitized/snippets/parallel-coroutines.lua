-- Calls from coroutines of many tasks at once, some of which fail.
local function ids(n)
  return coroutine.wrap(function()
    for id = 1, n do
      users.get(id)
      coroutine.yield(id)
    end
  end)
end
local results = parallel({ 3, 5, 8, 2, 9, 1 }, 4, function(n)
  local sum = 0
  local next_id = ids(n)
  for _ = 1, n do
    local ok, id = pcall(next_id)
    if not ok then return tostring(id) end
    sum = sum + (id or 0)
  end
  return sum
end)
local nested = parallel({ 1, 2 }, 2, function(outer)
  return parallel({ 1, 2, 3 }, 2, function(inner) return { outer, inner, (select(2, pcall(roles.list))) } end)
end)
return { results, nested, pcall(parallel, { 1, 2, 3 }, 2, function(id) error({ id = users.get(id).id }) end) }
