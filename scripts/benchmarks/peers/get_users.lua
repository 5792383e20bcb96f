-- Reads one user again and again, so many at once.
runbook {
  title  = "Read a user many times",
  params = {
    id    = { type = "integer", required = true },
    count = { type = "integer", required = true },
    width = { type = "integer", required = true },
  },
  needs  = { "users:read" },
}

local id, get = params.id, users.get
if params.width == 1 then
  for _ = 1, params.count do get(id) end
else
  local ids = {}
  for index = 1, params.count do ids[index] = id end
  parallel(ids, params.width, function(each) get(each) end)
end
