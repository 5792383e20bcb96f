-- little memory: JSON both ways
local list = {}
for index = 1, 30 do list[index] = { id = index, login = "user" .. index, tags = { "a", index }, nested = { x = { y = index } } } end
local text = json.encode(list)
local again = json.decode(text)
local page = users.page { page = 0 }
log.info("half", { list = again })
return { json.encode(again, { pretty = true }), page, users.get(1) }
