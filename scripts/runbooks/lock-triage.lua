runbook {
  title  = "Report the locked users, and unlock one of them",
  doc    = "Lists every locked user with what decides whether to unlock: role, state, where the password is checked, "
    .. "and the sites and asset groups within reach. Changes nothing unless a login is given to unlock; without that, "
    .. "users:unlock can be withheld. The result is the report as it was before, and who was unlocked.",
  params = {
    role   = { type = "string", doc = "report only users of this role id, e.g. security-manager; default: every role" },
    unlock = { type = "string", doc = "the login of the one user to unlock, e.g. ada.sato; default: nobody" },
  },
  needs  = { "users:read", "users:unlock" },
  limits = { changes = 1, time = "10m" },
}

-- Who is to be unlocked is settled first: a misspelt login is told before minutes are spent on the report.
local chosen
if params.unlock then
  chosen = users.find { login = params.unlock }
  if not chosen then
    error("unlock " .. params.unlock .. ": there is no user with this login: look it up in the report", 0)
  end
  if chosen.locked and chosen.enabled == false then
    error("unlock " .. params.unlock .. ": the account is disabled, and the console unlocks no disabled account: "
      .. "enable it first if its owner should come back", 0)
  end
end

local report = parallel(users.each { locked = true, role = params.role }, 8, function(user)
  local role, source = user.role or {}, user.authentication or {}
  return {
    id = user.id, login = user.login, name = user.name, email = user.email,
    enabled = user.enabled ~= false, source = source.type,
    role = role.id, superuser = role.superuser == true,
    sites = role.allSites and "all" or users.sites(user.id),
    asset_groups = role.allAssetGroups and "all" or users.asset_groups(user.id),
    -- What an operator would ask before unlocking; the console refuses the disabled ones.
    can_unlock = user.enabled ~= false,
  }
end)

-- That nobody is locked is good news, unless the id of the role is misspelt.
if params.role and #report == 0 and not users.find { role = params.role } then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end

local unlocked, skipped = {}, {}
if chosen and chosen.locked then
  users.unlock(chosen.id)
  unlocked[1] = { id = chosen.id, login = chosen.login }
elseif chosen then
  log.info("skipped", { login = chosen.login, reason = "not locked" })
  skipped[1] = { id = chosen.id, login = chosen.login, reason = "not locked" }
end

local disabled, by_role, counts = 0, {}, {}
for _, user in ipairs(report) do
  if not user.enabled then disabled = disabled + 1 end
  local role = user.role or "none"
  if not counts[role] then
    counts[role] = { role = role, locked = 0 }
    by_role[#by_role + 1] = counts[role]
  end
  counts[role].locked = counts[role].locked + 1
end
table.sort(by_role, function(a, b) return a.role < b.role end)
return {
  users = report,
  totals = { locked = #report, disabled = disabled, by_role = by_role },
  unlocked = unlocked, skipped = skipped,
}
