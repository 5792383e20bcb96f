runbook {
  title  = "Find privileged local users without two-factor authentication",
  doc    = "Lists the enabled users with a local password and a privileged role who have no two-factor seed; with "
    .. "generate they are given one, all but the account that this runs as, and cannot log in until they have it in "
    .. "their authenticator. Disabled users and those of an unknown kind are skipped and named; directories and single "
    .. "sign-on have a second factor of their own. Without generate twofa:write can be withheld, without reveal "
    .. "secrets:reveal.",
  params = {
    roles    = {
      type = "array",
      doc = "role ids that are privileged, e.g. global-admin,site-admin; default: roles that change the console, hide "
        .. "findings, or decide who reaches what, and superusers of whatever role",
    },
    generate = { type = "boolean", default = false, doc = "make a seed for each of them; default: only list them" },
    except   = {
      type = "array", default = {}, doc = "logins that are given no seed, e.g. those whose phones are not there yet",
    },
    runs_as  = {
      type = "string",
      doc = "the login of the console account that this runs as, e.g. svc-runbook, for the console does not say: "
        .. "needed with generate",
    },
    reveal   = { type = "boolean", default = false, doc = "show the new seeds in the result, which is then a secret" },
  },
  needs  = { "users:read", "roles:read", "twofa:read", "twofa:write", "secrets:reveal" },
  limits = { changes = 500, time = "30m" },
}

-- Who holds one of these changes the console, hides findings, or decides who reaches what.
local POWERS = {
  ["all-permissions"] = true, ["configure-global-settings"] = true, ["manage-sites"] = true, ["manage-tags"] = true,
  ["manage-site-access"] = true, ["manage-asset-group-access"] = true, ["manage-site-credentials"] = true,
  ["manage-scan-engines"] = true, ["manage-policies"] = true, ["purge-site-asset-data"] = true,
  ["approve-vulnerability-exceptions"] = true, ["delete-vulnerability-exceptions"] = true,
}
local LOCAL = { normal = true, admin = true }
local EXTERNAL = { ldap = true, kerberos = true, saml = true }

local function refuse(why) error("find users without two-factor authentication: " .. why, 0) end

if params.reveal and not params.generate then refuse("reveal shows new seeds: give it together with generate=true") end
if params.generate and not params.runs_as then
  refuse("generate would give a seed to the account that this runs as too, and lock it out: give its login with "
    .. "--param runs_as=…")
end

local known, privileged = {}, {}
for _, role in ipairs(roles.list()) do
  known[role.id] = true
  for _, privilege in ipairs(role.privileges or {}) do
    if POWERS[privilege] and not params.roles then privileged[role.id] = true end
  end
end
for _, id in ipairs(params.roles or {}) do
  if not known[id] then refuse("there is no role " .. tostring(id) .. ": roles.list() shows the ids") end
  privileged[id] = true
end

-- Why a login is given no seed, and who of them is there.
local excepted, seen = {}, {}
for _, login in ipairs(params.except) do excepted[login] = "excepted" end
if params.runs_as then excepted[params.runs_as] = "is the account that this runs as" end

local skipped, totals = {}, { privileged = 0, with_seed = 0, external = 0 }
local function skip(user, reason)
  log.warn("skipped", { login = user.login, reason = reason })
  skipped[#skipped + 1] = { id = user.id, login = user.login, reason = reason }
end

-- Everybody is looked at before anything is changed.
local gaps = parallel(users.each(), 8, function(user)
  local role, source = user.role or {}, user.authentication and user.authentication.type
  seen[user.login] = true
  if not (privileged[role.id or ""] or not params.roles and role.superuser) then return nil end
  totals.privileged = totals.privileged + 1
  if EXTERNAL[source or ""] then
    totals.external = totals.external + 1
  elseif not LOCAL[source or ""] then
    skip(user, "unknown authentication type " .. (source or "(none)"))
  elseif user.enabled == false then
    skip(user, "disabled")
  elseif twofa.key(user.id) ~= nil then
    totals.with_seed = totals.with_seed + 1
  else
    return { id = user.id, login = user.login, name = user.name, email = user.email, role = role.id, source = source }
  end
end)
totals.gaps = #gaps

for login in pairs(excepted) do
  if not seen[login] then
    refuse((login == params.runs_as and "runs_as" or "except") .. " names " .. login
      .. ", and there is no user with this login: correct it")
  end
end

-- One after the other: when the run is cut at most one seed is in doubt, and after a refusal nobody else gets one.
local generated = {}
for index, user in ipairs(params.generate and gaps or {}) do
  if excepted[user.login] then
    skip(user, excepted[user.login])
  else
    local ok, seed = pcall(twofa.regenerate, user.id)
    if not ok then
      local left = {}
      for later = index, #gaps do
        if not excepted[gaps[later].login] then left[#left + 1] = gaps[later].login end
      end
      refuse(#generated .. " got a seed, not done for " .. table.concat(left, ",") .. ": " .. tostring(seed)
        .. ": run it again for these; 'runbook call twofa.key ID --reveal' reads a seed that was made")
    end
    -- The answer of a call that somebody had to decide on is lost; the console still knows the seed.
    local shown = params.reveal and secrets.reveal(seed or twofa.key(user.id)) or nil
    generated[#generated + 1] = { id = user.id, login = user.login, seed = shown }
  end
end

local function by_login(a, b) return a.login < b.login end
table.sort(generated, by_login)
table.sort(skipped, by_login)
totals.generated, totals.skipped = #generated, #skipped
return { gaps = gaps, generated = generated, skipped = skipped, totals = totals }
