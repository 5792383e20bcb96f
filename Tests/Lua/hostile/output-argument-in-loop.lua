-- expect: succeeded 40
-- Passes large texts that the operation refuses, for what is left of each to add up.
runbook { needs = { "users:read" } }
local refused, large = 0, ("x"):rep(1000000)
for _ = 1, 40 do
  local ok, failure = pcall(users.get, large)
  if not ok and failure.kind == "invalid_argument" then refused = refused + 1 end
end
return refused
