-- Counts the users whom a filter lets through.
runbook {
  title  = "Count the locked users",
  params = { linger = { type = "boolean", default = false, doc = "stay for a moment, so that the memory can be read" } },
  needs  = { "users:read" },
}

local locked = 0
for _ in users.each { locked = true } do locked = locked + 1 end
if params.linger then sleep(0.1) end
return { locked = locked }
