-- expect: succeeded true ; limits memory=64MB
-- Closes a chain of ten thousand coroutines, each of which closes the next.
runbook {}
local co = false
for _ = 1, 10000 do
  local next_co = co
  co = coroutine.create(function()
    local _ <close> = setmetatable({}, { __close = function() if next_co then coroutine.close(next_co) end end })
    coroutine.yield()
  end)
  coroutine.resume(co)
end
return type(pcall(coroutine.close, co)) == "boolean"
