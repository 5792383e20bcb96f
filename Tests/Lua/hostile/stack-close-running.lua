-- expect: succeeded [false,false,"dead"]
-- Closes the coroutine that runs, and the one that waits for it.
runbook {}
local outer, own, parent
outer = coroutine.create(function()
  local inner
  inner = coroutine.create(function()
    own = pcall(coroutine.close, inner)
    parent = pcall(coroutine.close, outer)
  end)
  coroutine.resume(inner)
end)
coroutine.resume(outer)
return { own, parent, coroutine.status(outer) }
