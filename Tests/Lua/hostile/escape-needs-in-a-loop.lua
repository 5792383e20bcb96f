-- expect: succeeded 500
-- Calls what its manifest does not ask for again and again, in case a refusal wears off.
runbook { needs = { "users:read" } }
local denied = 0
for _ = 1, 100 do
  for _, attempt in ipairs {
    function() users.delete(1) end, function() users.unlock(1) end, function() roles.delete("user") end,
    function() users.remove_all_sites(1) end, function() twofa.regenerate(1) end,
  } do
    local ok, failure = pcall(attempt)
    if not ok and failure.kind == "denied" then denied = denied + 1 end
  end
end
return denied
