-- expect: failed a call cannot be made inside
-- Hides a call in a coroutine in a sort's comparison, where the coroutine could yield and the sort cannot.
runbook { needs = { "users:read" } }
table.sort({ 2, 1 }, coroutine.wrap(function() users.get(1) return true end))
