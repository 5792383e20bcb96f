-- expect: stopped time ; confined only ; sends users.unlock=0
-- Begins endless matches again and again, and changes something in between.
runbook { needs = { "users:unlock" } }
while true do
  pcall(string.find, ("a"):rep(100000), ".-.-.-b")
  users.unlock(1)
end
