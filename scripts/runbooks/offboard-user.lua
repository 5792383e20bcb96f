runbook {
  title  = "Offboard a user of the console",
  doc    = "Disables the account, gives it the least role, takes its access to sites and asset groups, and makes a new "
    .. "two-factor seed that nobody is told, so that the old one is dead. What is done already is skipped. A step that "
    .. "the console refuses does not keep the others from being tried (but a plan that is applied stops there): the "
    .. "run then fails and lists what is not done. Whether a seed is new cannot be seen: if nothing else is left to "
    .. "do, it is renewed only with renew_seed. Refuses the account that this runs as, and the last global "
    .. "administrator who can log in.",
  params = {
    login      = { type = "string", required = true, doc = "the leaver's login, e.g. ada.sato" },
    least_role = { type = "string", default = "user", doc = "the role id that the account keeps, e.g. user" },
    renew_seed = {
      type = "boolean", default = false,
      doc = "make a new seed also for an account that is offboarded already, e.g. because that step failed before",
    },
    runs_as    = {
      type = "string",
      doc = "the login of the console account that this runs as, for the console does not say: needed only if the "
        .. "leaver is an enabled global administrator",
    },
  },
  needs  = { "users:read", "users:update", "users:access", "roles:read", "twofa:read", "twofa:write" },
  limits = { changes = 5, time = "5m" },
}

local done, skipped, not_done = {}, {}, {}

-- Makes a step, unless there is a reason to skip it; tells whether things are then as they should be.
local function step(name, reason, work)
  if reason then
    log.info("skipped", { step = name, reason = reason })
    skipped[#skipped + 1] = { step = name, reason = reason }
    return true
  end
  local ok, problem = pcall(work)
  if ok then
    done[#done + 1] = name
  else
    log.error("not done", { step = name, reason = tostring(problem) })
    not_done[#not_done + 1] = name .. " (" .. tostring(problem) .. ")"
  end
  return ok
end

local function refuse(why) error("offboard " .. params.login .. ": " .. why, 0) end

local leaver = users.find { login = params.login }
if not leaver then refuse("there is no user with this login: look it up with access-review") end

-- The role is looked at before anything is changed: a wrong one would be refused half-way.
local found, least = pcall(roles.get, params.least_role)
if not found then refuse("the role " .. params.least_role .. " cannot be read: " .. tostring(least)) end
for _, privilege in ipairs(least.privileges or {}) do
  if privilege == "all-permissions" or privilege:find("^manage%-") then
    refuse("the role " .. params.least_role .. " grants " .. privilege .. ": name a role that manages nothing")
  end
end

-- Who can log in with all permissions: without one of them nobody could undo this, and this runs as one of them.
local administrators = {}
for user in users.each() do
  local is_administrator = user.role and (user.role.id == "global-admin" or user.role.superuser)
  if is_administrator and user.enabled ~= false and not user.locked then
    administrators[#administrators + 1] = user.login
    administrators[user.login] = true
  end
end
if leaver.login == params.runs_as then
  refuse("it is the account that this runs as, which would shut itself out in the midst: run it as another global "
    .. "administrator")
elseif administrators[leaver.login] then
  if #administrators == 1 then
    refuse("this is the last global administrator who can log in: give the role to somebody else first")
  elseif not params.runs_as then
    refuse("it is a global administrator and may be the account that this runs as, which would shut itself out in the "
      .. "midst: give the login that it runs as with --param runs_as=…")
  elseif not administrators[params.runs_as] then
    refuse("no global administrator who can log in is called " .. params.runs_as .. ": give the login that this runs "
      .. "as with --param runs_as=…; there are: " .. table.concat(administrators, ", "))
  end
end

local least_role = { id = params.least_role, allSites = false, allAssetGroups = false, superuser = false }
local role = leaver.role or {}
local has_admin_password = leaver.authentication ~= nil and leaver.authentication.type == "admin"
local has_least = role.id == least_role.id and not (role.allSites or role.allAssetGroups or role.superuser)
  and not has_admin_password
local sites, groups = users.sites(leaver.id), users.asset_groups(leaver.id)

-- An update replaces the whole account, so each is given all that the account should keep. It also drops the access to
-- single sites and asset groups: users.patch would give that back, and here it is to go.
local account = {}
for key, value in pairs(leaver) do account[key] = value end
account.name = leaver.name or leaver.login
local function update() users.update(leaver.id, account) end

-- 1. The door is shut first: whatever else fails, nobody logs in any more.
account.enabled = false
account.role = role.id and role or least_role
local is_disabled = step("disable", leaver.enabled == false and "already disabled", update)

-- 2. Then the role: as long as it reaches all sites and asset groups, the console ignores that single ones are taken.
account.role = least_role
-- Only global administrators have passwords of that kind.
if has_admin_password then account.authentication = { type = "normal" } end
if step("least_role", has_least and "already has it", update) then
  role = least_role
  if not is_disabled and not has_least then
    -- The first update was refused, and this one has done its work too.
    not_done, done = {}, { "disable", "least_role" }
  end
end

-- 3. What had been granted one by one. By what was there before, not by what an update may have dropped: not every
-- console does, and a plan has to name the calls that are made.
step("sites", #sites == 0 and "has none", function()
  if role.allSites then error("the account keeps a role with access to all sites", 0) end
  users.remove_all_sites(leaver.id)
end)
step("asset_groups", #groups == 0 and "has none", function()
  if role.allAssetGroups then error("the account keeps a role with access to all asset groups", 0) end
  users.remove_all_asset_groups(leaver.id)
end)

-- 4. The seed last: it only matters should the account ever be enabled again, and it is the one step that may not be
-- repeated blindly, so it must not stand in the way of the others.
local has_key, key = pcall(twofa.key, leaver.id)
local seed_reason
if has_key and not key then
  seed_reason = "has none"
elseif #done + #not_done == 0 and not params.renew_seed then
  seed_reason = "offboarded before, perhaps with a new seed: give renew_seed=true to be sure"
end
step("two_factor_seed", seed_reason, function()
  if not has_key then error(key, 0) end
  twofa.regenerate(leaver.id)
end)

if #not_done > 0 then
  refuse("not done: " .. table.concat(not_done, "; ") .. ": remove what stands in the way and run it again; the steps "
    .. "that are done are skipped then, and renew_seed=true is needed if only the seed is left")
end
return { login = leaver.login, id = leaver.id, done = done, skipped = skipped }
