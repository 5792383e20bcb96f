-- expect: succeeded "collected"
-- Makes twenty times more garbage than fits in memory, which is no crime.
runbook {}
pcall(collectgarbage, "stop")
for index = 1, 3000 do
  local _ = ("a hundred thousand bytes of it, each time"):rep(2500) .. index
end
return "collected"
