-- expect: succeeded ["cannot resume non-suspended coroutine",false,"normal","cannot close a normal coroutine"]
-- Takes hold of the coroutine that the run itself is, to resume and close it from inside.
runbook {}
local main = coroutine.running()
local result
coroutine.wrap(function()
  local _, refused = coroutine.resume(main)
  local closed, why = pcall(coroutine.close, main)
  result = { refused, closed, coroutine.status(main), why }
end)()
return result
