runbook {
  title  = "Move a person to new roles on the console and in Xpanse",
  doc    = "Gives the console account and the Xpanse user with the address their new roles, and keeps name, state "
    .. "and access; with keep_access=false the sites and asset groups are taken, for the new team to give its own. "
    .. "The person, both roles and what they need are looked at before anything is changed; with --plan-first you "
    .. "see it before too. Nobody is moved who would lose the role of the account that this runs as or Account Admin "
    .. "in Xpanse, or whose access is too narrow for the new role, unless the parameters say otherwise. If either side "
    .. "refuses when the console was changed the run fails and says what is done: run it again, or take it back with "
    .. "'runbook undo'. Roles that come from groups in Xpanse stay: they are named under by_hand.",
  params = {
    email       = {
      type = "string", required = true, pattern = "[^@%s]+@[^@%s]+",
      doc = "the person's email address",
    },
    role        = { type = "string", required = true, doc = "the id of the new console role, e.g. security-manager" },
    xpanse_role = {
      type = "string", required = true,
      doc = "the name of the new Xpanse role, e.g. Security Admin; to take a role is offboard-leaver's task, so it "
        .. "cannot be empty",
    },
    keep_access = {
      type = "boolean", default = true,
      doc = "keep the sites and asset groups, or access to all of them",
    },
    widen       = {
      type = "boolean", default = false,
      doc = "give access to all sites or asset groups if the new role demands it",
    },
    runs_as     = {
      type = "string",
      doc = "the login of the console account that this runs as, for the console does not say: needed only if the "
        .. "person is an enabled global administrator, and is none afterwards",
    },
    account_admins = {
      type = "boolean", default = false,
      doc = "also take the role Account Admin in Xpanse, which the API cannot give back",
    },
  },
  needs  = { "users:read", "users:update", "users:access", "roles:read", "xpanse:read", "xpanse:role" },
  limits = { changes = 10, time = "10m" },
}

local address = params.email:lower()

local function refuse(...) error("nobody was moved: " .. string.format(...), 0) end

for _, name in ipairs { "role", "xpanse_role" } do
  if not params[name]:find("%S") then refuse("%s is empty: name the new role", name) end
end
if params.xpanse_role == "Account Admin" then
  refuse("the API cannot give the Xpanse role Account Admin: do it in Xpanse, or name another one")
end

-- The person, in both systems.

local function is_administrator(role) return role.id == "global-admin" or role.superuser == true end

local accounts, administrators = {}, {}
for user in users.each() do
  if user.email and user.email:lower() == address then accounts[#accounts + 1] = user end
  if is_administrator(user.role or {}) and user.enabled ~= false and not user.locked then
    administrators[#administrators + 1] = user.login
    administrators[user.login] = true
  end
end
local members = {}
for _, user in ipairs(xpanse.users()) do
  if user.user_email and user.user_email:lower() == address then members[#members + 1] = user end
end
for system, list in pairs { console = accounts, Xpanse = members } do
  if #list == 0 then refuse("no %s user has the address %s: is it spelt right?", system, address) end
  if #list > 1 then refuse("%d %s users have the address %s: settle that first", #list, system, address) end
end
local user, member = accounts[1], members[1]

-- The roles, and what they need.

local found, role = pcall(roles.get, params.role)
if not found then
  if role.kind ~= "not_found" then error(role, 0) end
  local ids = {}
  for _, other in ipairs(roles.list()) do ids[#ids + 1] = other.id end
  refuse("the console has no role '%s'; there are: %s", params.role, table.concat(ids, ", "))
end
local ok, failure = pcall(xpanse.roles, { params.xpanse_role })
if not ok then refuse("the Xpanse role '%s' cannot be read: %s", params.xpanse_role, failure) end

local grants = {}
for _, privilege in ipairs(role.privileges or {}) do grants[privilege] = true end
local before = user.role or {}
-- The console refuses a role with less than its privileges need.
local needs_all_sites = grants["all-permissions"] or grants["manage-sites"] or grants["manage-tags"]
local needs_all_asset_groups = grants["all-permissions"] or grants["manage-dynamic-asset-groups"]
local lacks = needs_all_sites and not before.allSites and "sites"
  or needs_all_asset_groups and not before.allAssetGroups and "asset groups"
if lacks and not params.widen then
  refuse("the role %s needs access to all %s, which %s has not: give widen=true to give it", role.id, lacks, user.login)
end
local after = {
  id = role.id,
  allSites = needs_all_sites or params.keep_access and before.allSites or false,
  allAssetGroups = needs_all_asset_groups or params.keep_access and before.allAssetGroups or false,
  superuser = role.id == "global-admin",
}
if administrators[user.login] and not is_administrator(after) then
  -- Only a global administrator can run this: who is none is not the account that it runs as.
  if #administrators == 1 then
    refuse("%s is the last enabled global administrator: make another one first", user.login)
  elseif not params.runs_as then
    refuse("%s is a global administrator and may be the account that this runs as, which would take its own rights in "
      .. "the midst: give the login that it runs as with --param runs_as=…", user.login)
  elseif user.login == params.runs_as then
    refuse("%s is the account that this runs as, which would take its own rights in the midst: run it as another "
      .. "global administrator", user.login)
  elseif not administrators[params.runs_as] then
    refuse("no enabled global administrator has the login %s: give the login that this runs as with --param "
      .. "runs_as=…; there are: %s", params.runs_as, table.concat(administrators, ", "))
  end
end
local former = member.role_name or ""
if former == "Account Admin" and not params.account_admins then
  refuse("%s is Account Admin in Xpanse, which the API cannot give back: give account_admins=true to take it all the "
    .. "same", address)
end
local changes, source = { role = after }, user.authentication and user.authentication.type
-- The local passwords of global administrators are of a kind of their own.
if after.id == "global-admin" and source == "normal" then changes.authentication = { type = "admin", id = null } end
if after.id ~= "global-admin" and source == "admin" then changes.authentication = { type = "normal", id = null } end
local skipped = json.array {}
local function skip(step, reason)
  log.info("skipped", { step = step, reason = reason })
  skipped[#skipped + 1] = { step = step, reason = reason }
end
if user.enabled == false then log.warn("the account is disabled, and stays so", { login = user.login }) end

-- The console.

local function differs()
  for name, value in pairs(after) do
    if (before[name] or false) ~= value then return true end
  end
  return changes.authentication ~= nil
end

local done = {}
local function step(name, work, ...)
  local ok, result = pcall(work, ...)
  if not ok then
    error(("%s is not moved in Xpanse, where the role is still '%s', and on the console not in full: %s: %s (done "
      .. "before: %s). Run it again, or take back what is done with 'runbook undo'"):format(address, former, name,
      tostring(result), #done > 0 and table.concat(done, ", ") or "nothing"), 0)
  end
  if result ~= false then done[#done + 1] = name end
end

if params.keep_access then
  step("give the role " .. after.id, users.patch, user.id, changes)
else
  -- By what was there before: not every console takes single access with an update, and a plan has to name the calls.
  local sites, asset_groups = users.sites(user.id), users.asset_groups(user.id)
  if differs() then
    -- The whole account without the access that users.patch would give back.
    local account = users.get(user.id)
    account.role = after
    account.authentication = changes.authentication and { type = changes.authentication.type } or account.authentication
    step("give the role " .. after.id, users.update, user.id, account)
  end
  if not after.allSites and #sites > 0 then step("take the sites", users.remove_all_sites, user.id) end
  if not after.allAssetGroups and #asset_groups > 0 then
    step("take the asset groups", users.remove_all_asset_groups, user.id)
  end
end
local console_changed = #done > 0
if not console_changed then skip("console: give the role", "has " .. after.id .. " already") end

-- Xpanse.

-- The role that the user of this address has in Xpanse now; "" for none.
local function current_role(email)
  for _, user in ipairs(xpanse.users()) do
    if user.user_email == email then return user.role_name or "" end
  end
  return ""
end

local xpanse_changed = former ~= params.xpanse_role
if xpanse_changed then
  if former == "Account Admin" then log.warn("the API cannot give this role back", { role = former }) end
  local given, failure = pcall(function()
    -- Nothing has changed if the role was given already, as when the answer to this very call was lost before.
    if xpanse.set_role({ member.user_email }, params.xpanse_role) == 0
      and current_role(member.user_email) ~= params.xpanse_role then
      error("Xpanse answers that it changed nothing", 0)
    end
  end)
  if not given then
    error(("%s is moved on the console (%s) and not in Xpanse, where the role is still '%s': %s. Run it again, or "
      .. "take the console's change back with 'runbook undo'"):format(address, after.id, former, tostring(failure)), 0)
  end
else
  skip("xpanse: give the role", "has " .. former .. " already")
end

local by_hand = json.array {}
for _, group in ipairs(member.groups or {}) do
  log.warn("still in a group of Xpanse, whose roles stay", { email = address, group = group })
  by_hand[#by_hand + 1] = "look whether " .. member.user_email .. " still belongs to the Xpanse group " .. group
end

local function access(all_sites, all_asset_groups, id)
  return { role = id or null, all_sites = all_sites == true, all_asset_groups = all_asset_groups == true }
end
return {
  email = address, id = user.id, login = user.login,
  console = {
    changed = console_changed,
    before = access(before.allSites, before.allAssetGroups, before.id),
    after = access(after.allSites, after.allAssetGroups, after.id),
  },
  xpanse = { changed = xpanse_changed, before = former ~= "" and former or null, after = params.xpanse_role },
  skipped = skipped, by_hand = by_hand,
}
