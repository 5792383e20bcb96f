-- expect: succeeded ["cannot resume non-suspended coroutine"]
-- Lets a coroutine wait in one task and be resumed by another that waits for the first.
runbook {}
local inner = coroutine.create(function() sleep(0.01) end)
local why = {}
parallel({ 1, 2 }, 2, function(task)
  local ok, reason = coroutine.resume(inner)
  if not ok then why[#why + 1] = reason end
end)
return why
