runbook {
  title  = "Review who has access to what",
  doc    = "One entry a user: role, state, sites and asset groups, and the Xpanse role of the same address if asked. "
    .. "Changes nothing; give --json to keep it.",
  params = {
    role   = { type = "string", doc = "only users of this role id" },
    xpanse = { type = "boolean", default = false, doc = "also tell the role in Xpanse" },
  },
  needs  = { "users:read", "roles:read", "xpanse:read" },
  limits = { changes = 0, time = "30m" },
}

local xpanse_roles = {}
if params.xpanse then
  for _, other in ipairs(xpanse.users()) do
    if other.user_email then xpanse_roles[other.user_email:lower()] = other.role_name or "" end
  end
end

local role_names = {}
for _, role in ipairs(roles.list()) do
  -- Newer consoles answer an object where older ones answer text.
  role_names[role.id] = type(role.name) == "table" and role.name.defaultValue or role.name
end

local entries = parallel(users.each { role = params.role }, 8, function(user)
  local role = user.role or {}
  return {
    id = user.id, login = user.login, name = user.name, email = user.email,
    enabled = user.enabled == true, locked = user.locked == true,
    source = user.authentication and user.authentication.type,
    role = role.id, role_name = role.id and role_names[role.id], superuser = role.superuser == true,
    sites = role.allSites and "all" or users.sites(user.id),
    asset_groups = role.allAssetGroups and "all" or users.asset_groups(user.id),
    xpanse_role = user.email and xpanse_roles[user.email:lower()],
  }
end)

local administrators, privileged_and_disabled = 0, 0
for _, entry in ipairs(entries) do
  if entry.role == "global-admin" then
    administrators = administrators + 1
    if not entry.enabled then privileged_and_disabled = privileged_and_disabled + 1 end
  end
end
if administrators == 0 then log.warn("there is no global administrator among them") end
return {
  users = entries,
  totals = { users = #entries, global_administrators = administrators, disabled_administrators = privileged_and_disabled },
}
