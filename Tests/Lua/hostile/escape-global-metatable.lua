-- expect: succeeded {"names":["call","rb"],"stolen":0,"title":"x"} ; sends users.get=1
-- Watches every global that is read or written, to catch what the host's Lua passes along.
local names, stolen = {}, 0
setmetatable(_G, {
  __index = function(_, name)
    names[#names + 1] = name
    return nil
  end,
  __newindex = function(t, name, value)
    stolen = stolen + 1
    rawset(t, name, value)
  end,
})
runbook { needs = { "users:read" }, params = { title = { type = "string", default = "x" } } }
users.get(1)
log.info("watching")
local _ = call, rb
return { names = names, stolen = stolen, title = params.title }
