runbook {
  title  = "Report the locked users",
  doc    = "Lists every locked user with role and state; changes nothing. With a role, only those of it.",
  params = { role = { type = "string", doc = "only users of this role id" } },
  needs  = { "users:read" },
  limits = { changes = 0, time = "10m" },
}

local found, by_role = {}, {}
for user in users.each { locked = true, role = params.role } do
  local role = user.role and user.role.id or "none"
  found[#found + 1] = {
    id = user.id, login = user.login, name = user.name, email = user.email, role = role, enabled = user.enabled == true,
  }
  by_role[role] = (by_role[role] or 0) + 1
end
return { total = #found, by_role = next(by_role) and by_role or nil, users = found }
