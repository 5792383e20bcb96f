-- little memory: coroutines, closing, errors
local all = {}
for index = 1, 25 do
  local co = coroutine.create(function(...)
    local guard <close> = setmetatable({}, { __close = function() all[#all + 1] = ("x"):rep(50) end })
    coroutine.yield(users.get(index))
    error({ index = index, text = ("y"):rep(100) })
  end)
  all[#all + 1] = { coroutine.resume(co, 1, 2, 3) }
  all[#all + 1] = { pcall(coroutine.close, co) }
  all[#all + 1] = { pcall(coroutine.wrap(function() error(setmetatable({}, { __tostring = function() return ("z"):rep(100) end })) end)) }
end
error(all[3], 0)
