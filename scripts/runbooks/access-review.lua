runbook {
  title  = "Review who has access to what on the console",
  doc    = "One entry for every user: role, state, where the password is checked, and the sites and asset groups "
    .. "within reach, as JSON with totals or as CSV for the reviewers' spreadsheet. Changes nothing and skips nobody: "
    .. "what the console does not say of a user is left out of the entry, or empty in CSV.",
  params = {
    role   = { type = "string", doc = "only users of this role id, e.g. site-admin; default: all users" },
    format = { type = "string", default = "json", choices = { "json", "csv" }, doc = "how to write the result" },
  },
  needs  = { "users:read", "roles:read" },
  limits = { changes = 0, time = "30m" },
}

local role_names = {}
for _, role in ipairs(roles.list()) do
  -- Newer consoles answer an object where older ones answer text.
  role_names[role.id] = type(role.name) == "table" and role.name.defaultValue or role.name
end

local entries = parallel(users.each { role = params.role }, 8, function(user)
  local role, source = user.role or {}, user.authentication or {}
  return {
    id = user.id, login = user.login, name = user.name, email = user.email,
    enabled = user.enabled ~= false, locked = user.locked == true, source = source.type,
    role = role.id, role_name = role.id and role_names[role.id], superuser = role.superuser == true,
    sites = role.allSites and "all" or users.sites(user.id),
    asset_groups = role.allAssetGroups and "all" or users.asset_groups(user.id),
  }
end)

if #entries == 0 then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end

if params.format == "csv" then
  return csv.encode(entries, {
    columns = {
      "id", "login", "name", "email", "enabled", "locked", "source", "role", "role_name", "superuser", "sites",
      "asset_groups",
    },
    spreadsheet = true,
  })
end

local totals = { users = #entries, enabled = 0, locked = 0, global_administrators = 0, disabled_administrators = 0 }
for _, entry in ipairs(entries) do
  if entry.enabled then totals.enabled = totals.enabled + 1 end
  if entry.locked then totals.locked = totals.locked + 1 end
  if entry.role == "global-admin" then
    totals.global_administrators = totals.global_administrators + 1
    if not entry.enabled then totals.disabled_administrators = totals.disabled_administrators + 1 end
  end
end
return { users = entries, totals = totals }
