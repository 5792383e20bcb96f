runbook {
  title  = "Unlock users whose Xpanse role is still approved, with new two-factor seeds",
  doc    = "Of the locked users it unlocks those whose address has one of the approved roles in Xpanse, and before "
    .. "that gives who has a two-factor seed a new one: an account stays locked if that fails. Everybody else is "
    .. "named with the reason: disabled, no or a doubled address, not in Xpanse, role not approved. Roles that come "
    .. "from groups in Xpanse do not count. The result tells whose seed was renewed, and the new seeds only with "
    .. "reveal=true; without it secrets:reveal can be withheld. Later 'runbook call twofa.key ID --reveal' reads one.",
  params = {
    approved = {
      type = "array", required = true,
      doc = "the names of the approved Xpanse roles, such as Viewer,Responder",
    },
    role     = { type = "string", doc = "only users of this console role id" },
    logins   = { type = "array", doc = "only users with these logins" },
    reveal   = { type = "boolean", default = false, doc = "show the new seeds in the result: keep that safe" },
  },
  needs  = { "users:read", "users:unlock", "twofa:read", "twofa:write", "xpanse:read", "secrets:reveal" },
  limits = { changes = 2000, time = "30m" },
}

local function refuse(why) error("nobody was unlocked: " .. why, 0) end

-- An empty name would approve of whoever has no role, and a misspelt one of nobody.
local approved = {}
for _, name in ipairs(params.approved) do
  if type(name) ~= "string" or not name:find("%S") then refuse("approved holds an empty name") end
  local ok, failure = pcall(xpanse.roles, { name })
  if not ok then refuse(("the approved role '%s' cannot be read: %s"):format(name, tostring(failure))) end
  approved[name] = true
end
if next(approved) == nil then refuse("approved is empty: name the Xpanse roles with which a user may be unlocked") end

local members = {}
for _, user in ipairs(xpanse.users()) do
  if user.user_email then
    local address = user.user_email:lower()
    members[address] = members[address] or {}
    table.insert(members[address], user)
  end
end

local only
if params.logins then
  only = {}
  for _, login in ipairs(params.logins) do only[login] = { login = login, reason = "no user has this login" } end
end

local locked, holders = {}, {} -- the locked users, and how many console users have an address
local has_users = not params.role -- whether anybody has the role
for user in users.each() do
  has_users = has_users or user.role and user.role.id == params.role
  local address = user.email and user.email:lower()
  if address then holders[address] = (holders[address] or 0) + 1 end
  local is_meant = (not only or only[user.login]) and (not params.role or user.role and user.role.id == params.role)
  if is_meant and user.locked then locked[#locked + 1] = user end
  if only and only[user.login] then
    local reason = not is_meant and "has another role" or not user.locked and "not locked"
    only[user.login] = reason and { id = user.id, login = user.login, reason = reason }
  end
end
if not has_users then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end

local unlocked, skipped, not_done = {}, {}, {}

local function skip(entry)
  log.info("skipped", { login = entry.login, reason = entry.reason })
  skipped[#skipped + 1] = entry
end
for _, entry in pairs(only or {}) do
  if entry then skip(entry) end
end

-- Why a user is not to be unlocked; nil, and the role, if all is well.
local function objection(user)
  if user.enabled == false then return "disabled: a disabled account cannot be unlocked" end
  if not user.email then return "has no address, by which Xpanse would know who it is" end
  local address = user.email:lower()
  if holders[address] > 1 then return "another console user has the same address" end
  local found = members[address] or {}
  if #found == 0 then return "not in Xpanse" end
  if #found > 1 then return "two Xpanse users have the address" end
  local role = found[1].role_name or ""
  if role == "" then return "has no role in Xpanse" end
  if not approved[role] then return "the Xpanse role " .. role .. " is not approved" end
  return nil, role
end

parallel(locked, 8, function(user)
  local reason, role = objection(user)
  if reason then return skip { id = user.id, login = user.login, reason = reason } end
  local has_seed, shown
  local ok, failure = pcall(function()
    -- Who has no seed is not given one: the first would shut the user out until it is handed over.
    has_seed = twofa.key(user.id) ~= nil
    local seed = has_seed and twofa.regenerate(user.id)
    -- The answer of a call that somebody had to decide on is lost; the console still knows the seed.
    if has_seed and params.reveal then shown = secrets.reveal(seed or twofa.key(user.id)) end
    users.unlock(user.id)
  end)
  if not ok then
    log.error("not done", { login = user.login, reason = tostring(failure) })
    not_done[#not_done + 1] = { id = user.id, login = user.login, reason = tostring(failure) }
    return
  end
  log.info("unlocked", { login = user.login, xpanse_role = role, renewed = has_seed })
  unlocked[#unlocked + 1] = {
    id = user.id, login = user.login, email = user.email, xpanse_role = role, renewed = has_seed, seed = shown,
  }
end)

local function by_login(a, b) return a.login < b.login end
for _, list in ipairs { unlocked, skipped, not_done } do table.sort(list, by_login) end
if #not_done > 0 then
  local texts = {}
  for index, item in ipairs(not_done) do texts[index] = item.login .. " (" .. item.reason .. ")" end
  error(("%d users were unlocked, and these not: %s. Mend that and run it again; the new seeds can be read with "
    .. "'runbook call twofa.key ID --reveal'"):format(#unlocked, table.concat(texts, "; ")), 0)
end
return {
  unlocked = json.array(unlocked), skipped = json.array(skipped),
  totals = { locked = #locked, unlocked = #unlocked, skipped = #skipped },
}
