-- expect: failed cannot wait inside a sort comparison
-- Starts tasks from a sort's comparison.
runbook { needs = { "users:read" } }
table.sort({ 2, 1 }, function() parallel({ 1 }, 1, users.get) return true end)
