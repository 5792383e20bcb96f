runbook {
  title  = "Unlock every locked user in a role",
  doc    = "Unlocks the enabled users of the role who are locked. Disabled ones are named and left alone: the console refuses them.",
  params = { role = { type = "string", required = true, doc = "role id, e.g. security-manager" } },
  needs  = { "users:read", "users:unlock" },
  limits = { changes = 10000, time = "30m" },
}

local unlocked, skipped = {}, {}
parallel(users.each { role = params.role, locked = true }, 16, function(user)
  if not user.enabled then
    log.warn("skipped: disabled", { login = user.login, skipped = "a disabled account cannot be unlocked" })
    skipped[#skipped + 1] = user.login
    return
  end
  users.unlock(user.id)
  unlocked[#unlocked + 1] = user.login
end)

table.sort(unlocked)
table.sort(skipped)
log.info("done", { role = params.role, unlocked = #unlocked, skipped = #skipped })
return { unlocked = unlocked, skipped_disabled = skipped }
