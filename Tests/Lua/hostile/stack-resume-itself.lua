-- expect: succeeded ["cannot resume non-suspended coroutine","cannot resume non-suspended coroutine"]
-- Makes coroutines resume themselves and each other in a ring.
runbook {}
local why_self, why_ring
local one, other
one = coroutine.create(function()
  _, why_self = coroutine.resume(one)
  coroutine.resume(other)
end)
other = coroutine.create(function() _, why_ring = coroutine.resume(one) end)
coroutine.resume(one)
return { why_self, why_ring }
