runbook {
  title  = "Give users new two-factor seeds",
  doc    = "For one login, as after a lost phone, or for every enabled user of a role. Users without a seed are "
    .. "skipped and named: a first one would lock them out unasked. Every run makes new seeds and so breaks those that "
    .. "the run before handed out: after a cut go on with 'runbook resume', after a failure name those who are done in "
    .. "except. The account that this runs as keeps its seed, without which its next call would be refused. The result "
    .. "lists who was given one, and the seeds only with reveal; without that secrets:reveal can be withheld.",
  params = {
    login   = { type = "string", doc = "one user, e.g. ada.sato; give either this or role" },
    role    = { type = "string", doc = "every enabled user of this role id, e.g. site-admin" },
    except  = { type = "array", default = {}, doc = "logins to leave alone, e.g. those who are done" },
    runs_as = {
      type = "string",
      doc = "the login of the console account that this runs as, e.g. svc-runbook, for the console does not say: "
        .. "needed only if there are global administrators in the role",
    },
    reveal  = { type = "boolean", default = false, doc = "show the new seeds in the result, which is then a secret" },
  },
  needs  = { "users:read", "twofa:read", "twofa:write", "secrets:reveal" },
  limits = { changes = 500, time = "15m" },
}

local function refuse(why) error("rotate two-factor seeds: " .. why, 0) end

if (params.login == nil) == (params.role == nil) then refuse("give either login or role") end

-- Only such an account can run this.
local function is_administrator(user)
  local role = user.role or {}
  if role.id == "global-admin" or role.superuser then return true end
  for _, privilege in ipairs(role.privileges or {}) do
    if privilege == "all-permissions" then return true end
  end
  return false
end

-- A misspelt name would break the very seed that it was to save.
local excepted = {}
for _, login in ipairs(params.except) do
  excepted[login] = "excepted"
  if not users.find { login = login } then
    refuse("except names " .. login .. ", and there is no user with this login: correct it")
  end
end
if params.runs_as then
  local own = users.find { login = params.runs_as }
  if not own or not is_administrator(own) then
    refuse("runs_as names " .. params.runs_as .. ", and no global administrator has this login: give the login that "
      .. "this runs as")
  end
  excepted[own.login] = "is the account that this runs as"
end

local skipped, asked = {}, 0
local function skip(user, reason)
  log.info("skipped", { login = user.login, reason = reason })
  skipped[#skipped + 1] = { id = user.id, login = user.login, reason = reason }
end

-- Who is to be given one is settled before the first seed is broken.
local chosen = parallel(users.each { login = params.login, role = params.role }, 8, function(user)
  asked = asked + 1
  if excepted[user.login] then
    skip(user, excepted[user.login])
  elseif params.role and user.enabled == false then
    skip(user, "disabled")
  elseif twofa.key(user.id) == nil then
    skip(user, "has no seed")
  else
    return user
  end
end)
if params.login and asked == 0 then refuse("there is no user with the login " .. params.login) end
for _, user in ipairs(params.role and not params.runs_as and chosen or {}) do
  if is_administrator(user) then
    refuse("there are global administrators in the role, such as " .. user.login .. ", and this may run as one of "
      .. "them, who would be shut out in the midst: give the login that it runs as with --param runs_as=…")
  end
end

local function logins(list, first)
  local texts = {}
  for index = first, #list do texts[#texts + 1] = list[index].login end
  return table.concat(texts, ",")
end

-- One after the other: when the run is cut at most one seed is in doubt, and after a refusal no further one is broken.
local rotated = {}
for index, user in ipairs(chosen) do
  local ok, seed = pcall(twofa.regenerate, user.id)
  if not ok then
    refuse("not done for " .. logins(chosen, index) .. ": " .. tostring(seed) .. ": "
      .. (index == 1 and "nobody was given a new seed"
        or "run it again with except=" .. logins(rotated, 1) .. ", who have theirs; 'runbook call twofa.key ID "
          .. "--reveal' reads it"))
  end
  -- The answer of a call that somebody had to decide on is lost; the console still knows the seed.
  local shown = params.reveal and secrets.reveal(seed or twofa.key(user.id)) or nil
  rotated[index] = { id = user.id, login = user.login, seed = shown }
end

local function by_login(a, b) return a.login < b.login end
table.sort(rotated, by_login)
table.sort(skipped, by_login)
if asked == 0 then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end
return { rotated = rotated, skipped = skipped, totals = { rotated = #rotated, skipped = #skipped } }
