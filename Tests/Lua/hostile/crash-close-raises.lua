-- expect: succeeded [false,"third"]
-- Raises an error in each of many values to be closed, each on top of the last.
runbook {}
local function guard(text) return setmetatable({}, { __close = function() error(text, 0) end }) end
local inner = coroutine.create(function()
  local _ <close> = guard("third")
  local _ <close> = guard("second")
  local _ <close> = guard("first")
  coroutine.yield()
end)
coroutine.resume(inner)
local ok, why = coroutine.close(inner)
return { ok, why }
