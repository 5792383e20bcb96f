runbook {
  title  = "Offboard a leaver on the console and in Xpanse",
  doc    = "Disables the console account, gives it the least role without any site or asset group, renews its "
    .. "two-factor seed, and takes the role in Xpanse. What was done before is skipped; when a step or a whole side "
    .. "fails the others are still done, and the run fails and lists what is not done: run it again. Stops before "
    .. "anything is changed if two have the address, if it is the account that this runs as or the last enabled "
    .. "global administrator, or if the least role is missing or manages something. Account Admins of Xpanse keep "
    .. "that role unless account_admins says otherwise, which counts as not done. Roles that come from groups in "
    .. "Xpanse stay, for no operation takes them: they are named under by_hand.",
  params = {
    email      = {
      type = "string", required = true, pattern = "[^@%s]+@[^@%s]+",
      doc = "the leaver's email address",
    },
    least_role = {
      type = "string", default = "user",
      doc = "the id of the console role that the account keeps; one that manages something is refused",
    },
    renew_seed = {
      type = "boolean", default = false,
      doc = "renew the two-factor seed also if nothing else is left to do on the console, for example because that "
        .. "step failed before: whether a seed is new cannot be seen",
    },
    runs_as    = {
      type = "string",
      doc = "the login of the console account that this runs as, for the console does not say: needed only if the "
        .. "leaver is an enabled global administrator",
    },
    account_admins = {
      type = "boolean", default = false,
      doc = "also take the role Account Admin in Xpanse, which the API cannot give back",
    },
    xpanse     = {
      type = "boolean", default = true,
      doc = "also take the role in Xpanse; false where there is no Xpanse: xpanse:read and xpanse:role can be "
        .. "withheld then",
    },
  },
  needs  = {
    "users:read", "users:update", "users:access", "roles:read", "twofa:read", "twofa:write", "xpanse:read",
    "xpanse:role",
  },
  limits = { changes = 10, time = "10m" },
}

local address = params.email:lower()
local done, skipped, not_done, by_hand = {}, {}, {}, {}
local console_steps = 0 -- those that were done, or tried

local function skip(step, reason)
  log.info("skipped", { step = step, reason = reason })
  skipped[#skipped + 1] = { step = step, reason = reason }
end

-- Does a step; one that fails does not keep the next from being done. The work returns why there was nothing to do.
local function attempt(step, work)
  local ok, reason = pcall(work)
  if not (ok and reason) and step:find("^console") then console_steps = console_steps + 1 end
  if not ok then
    log.error("not done", { step = step, reason = tostring(reason) })
    not_done[#not_done + 1] = { step = step, reason = tostring(reason) }
  elseif reason then
    skip(step, reason)
  else
    log.info("done", { step = step, email = address })
    done[#done + 1] = step
  end
  return ok
end

local function is_administrator(user)
  return user.role ~= nil and (user.role.id == "global-admin" or user.role.superuser == true)
end

-- Who has the address, in both systems, before anything is changed.

local console_users, administrators = {}, {}
local console_read, console_failure = pcall(function()
  for user in users.each() do
    if user.email and user.email:lower() == address then console_users[#console_users + 1] = user end
    if is_administrator(user) and user.enabled ~= false and not user.locked then
      administrators[#administrators + 1] = user.login
      administrators[user.login] = true
    end
  end
end)

local xpanse_users = {}
local xpanse_read, xpanse_failure = true, nil
if params.xpanse then
  xpanse_read, xpanse_failure = pcall(function()
    for _, user in ipairs(xpanse.users()) do
      if user.user_email and user.user_email:lower() == address then xpanse_users[#xpanse_users + 1] = user end
    end
  end)
end

if #console_users > 1 then error("two console users have the address " .. address .. ": settle that first", 0) end
if #xpanse_users > 1 then error("two Xpanse users have the address " .. address .. ": settle that first", 0) end
local user, member = console_users[1], xpanse_users[1]
if console_read and xpanse_read and not user and not member then
  error("nobody has the address " .. address .. ": is it spelt right?", 0)
end
if console_read and user and administrators[user.login] then
  -- Only a global administrator can run this: who is none is not the account that it runs as.
  if #administrators == 1 then
    error(user.login .. " is the last enabled global administrator: make another one first", 0)
  elseif not params.runs_as then
    error(user.login .. " is a global administrator and may be the account that this runs as, which would shut "
      .. "itself out in the midst: give the login that it runs as with --param runs_as=…", 0)
  elseif user.login == params.runs_as then
    error(user.login .. " is the account that this runs as, which would shut itself out in the midst: run it as "
      .. "another global administrator", 0)
  elseif not administrators[params.runs_as] then
    error("no enabled global administrator has the login " .. params.runs_as .. ": give the login that this runs as "
      .. "with --param runs_as=…; there are: " .. table.concat(administrators, ", "), 0)
  end
end

-- A wrong least role is told before the first change. If the console does not say, the doors are shut all the same.
local role_read, least = pcall(roles.get, params.least_role)
if role_read then
  for _, privilege in ipairs(least.privileges or {}) do
    if privilege == "all-permissions" or privilege == "configure-global-settings" or privilege:find("^manage%-") then
      error(("nothing was changed for %s: the role %s grants %s: name a role that manages nothing"):format(
        address, params.least_role, privilege), 0)
    end
  end
elseif least.kind == "not_found" then
  error(("nothing was changed for %s: there is no console role '%s': give the id of one with --param least_role=…")
    :format(address, params.least_role), 0)
end

-- Both doors first, the console's and that of Xpanse: whatever else fails, nobody gets in any more.

local role = user and user.role or {}
local least_role = { id = params.least_role, allSites = false, allAssetGroups = false, superuser = false }
local sites_read, sites, groups_read, groups, account, is_disabled

if not console_read then
  attempt("console: find the account", function() error(console_failure, 0) end)
elseif not user then
  skip("console", "no user has the address")
else
  sites_read, sites = pcall(users.sites, user.id)
  groups_read, groups = pcall(users.asset_groups, user.id)
  -- The door by itself: a role that is refused does not keep it open.
  is_disabled = attempt("console: disable", function()
    if user.enabled == false then return "done before" end
    account = users.get(user.id)
    account.enabled = false
    account.role = role.id and account.role or least_role
    users.update(user.id, account)
  end)
end

-- The role that the user of this address has in Xpanse now; "" for none.
local function current_role(email)
  for _, other in ipairs(xpanse.users()) do
    if other.user_email == email then return other.role_name or "" end
  end
  return ""
end

if not params.xpanse then
  skip("xpanse", "left out by xpanse=false")
elseif not xpanse_read then
  attempt("xpanse: find the user", function() error(xpanse_failure, 0) end)
elseif not member then
  skip("xpanse", "no user has the address")
else
  attempt("xpanse: take the role", function()
    local former = member.role_name or ""
    if former == "" then return "has none" end
    if former == "Account Admin" and not params.account_admins then
      error("it is Account Admin, which the API cannot give back: give account_admins=true to take it all the same", 0)
    end
    -- Nothing has changed if the role was gone already, as when the answer to this very call was lost before.
    if xpanse.remove_role({ member.user_email }) == 0 and current_role(member.user_email) ~= "" then
      error("Xpanse answers that it changed nothing, and the role is still " .. former, 0)
    end
  end)
  for _, group in ipairs(member.groups or {}) do
    log.warn("still in a group of Xpanse, whose roles stay", { email = address, group = group })
    by_hand[#by_hand + 1] = "take " .. member.user_email .. " out of the Xpanse group " .. group
  end
end

-- Then what the account could reach, and its seed.

if console_read and user then
  local has_role = attempt("console: give the least role", function()
    if role.id == least_role.id and not (role.allSites or role.allAssetGroups or role.superuser) then
      return "done before"
    end
    if not role_read then error(least, 0) end
    account = account or users.get(user.id)
    account.enabled, account.role = false, least_role
    -- Only global administrators have passwords of that kind.
    if account.authentication and account.authentication.type == "admin" then
      account.authentication = { type = "normal" }
    end
    users.update(user.id, account)
    if is_disabled then return end
    -- The first update was refused, and this one has done its work too.
    table.remove(not_done, 1)
    done[#done + 1] = "console: disable"
  end)

  -- By what was there before: not every console takes single access with an update, and a plan has to name the calls.
  local function take(what, had_all, is_read, before, remove)
    attempt("console: take access to " .. what, function()
      if not is_read then error(before, 0) end
      if #before == 0 then return "has none" end
      if had_all and not has_role then error("it comes with the role, which could not be changed", 0) end
      remove(user.id)
    end)
  end
  take("sites", role.allSites, sites_read, sites, users.remove_all_sites)
  take("asset groups", role.allAssetGroups, groups_read, groups, users.remove_all_asset_groups)

  attempt("console: renew the two-factor seed", function()
    if twofa.key(user.id) == nil then return "has none" end
    if console_steps == 0 and not params.renew_seed then
      return "offboarded before, perhaps with a new seed: give renew_seed=true to be sure"
    end
    -- The new seed goes to nobody: nobody is to log in with the old one.
    twofa.regenerate(user.id)
  end)
end

local result = {
  email = address, id = user and user.id or null, login = user and user.login or null,
  done = json.array(done), skipped = json.array(skipped), by_hand = json.array(by_hand),
}
if #not_done > 0 then
  local steps = {}
  for index, item in ipairs(not_done) do steps[index] = item.step .. " (" .. item.reason .. ")" end
  -- What was done is handed over by the error as well.
  result.not_done = json.array(not_done)
  result.message = "not done for " .. address .. ": " .. table.concat(steps, "; ")
    .. ". Mend that and run it again: what is done is skipped"
  error(result, 0)
end
return result
