runbook {
  title  = "Onboard a person on the console and in Xpanse, or in neither",
  doc    = "Creates the console account, disabled, gives it its sites and asset groups, gives the person's user in "
    .. "Xpanse its role, and enables the account at last. Logins, addresses and roles are looked at before anything "
    .. "is changed. If a step is refused, what this run did before is taken back in reverse order and the run says "
    .. "so; while a plan is applied nothing but the plan is sent, so the account then stays, disabled. An enabled "
    .. "account with the same login, address and role is taken as begun by hand, and only what is missing is done; "
    .. "another name, source or password is left as it is and listed in skipped.",
  params = {
    email        = {
      type = "string", required = true, pattern = "[^@%s]+@[^@%s]+",
      doc = "the email address, as Xpanse has it already",
    },
    login        = { type = "string", required = true, pattern = "%S+", doc = "the login on the console" },
    name         = { type = "string", required = true, pattern = ".*%S.*", doc = "the full name" },
    role         = { type = "string", required = true, doc = "the id of the console role, e.g. security-manager" },
    xpanse_role  = {
      type = "string", required = true,
      doc = "the name of the Xpanse role, e.g. Viewer; not Account Admin, which the API cannot give",
    },
    sites        = {
      type = "array",
      doc = "ids of sites, such as 1,4, or all, which some roles demand; none by default",
    },
    asset_groups = { type = "array", doc = "ids of asset groups, or all, as sites" },
    source       = {
      type = "string",
      doc = "authentication source by name, type or id, e.g. saml; default: a local password, and auth_sources:read "
        .. "can be withheld",
    },
    password     = {
      type = "secret",
      doc = "the first password, to be changed at the first login; left out, a random one that nobody knows, as for "
        .. "accounts of a directory",
    },
    take_up      = {
      type = "boolean", default = false,
      doc = "go on with a disabled account of this login, address and role, such as an applied plan has left; it is "
        .. "enabled at last",
    },
  },
  needs  = {
    "users:read", "users:create", "users:update", "users:delete", "users:access", "roles:read", "auth_sources:read",
    "xpanse:read", "xpanse:role",
  },
  limits = { changes = 20, time = "10m" },
}

local address = params.email:lower()

local function refuse(...) error(address .. " was not onboarded, nothing was changed: " .. string.format(...), 0) end

-- "all", or ids as numbers, ascending, each once.
local function ids(list, name)
  local numbers, seen = json.array {}, {}
  for _, value in ipairs(list or {}) do
    local text = tostring(value):lower()
    if text == "all" and #list == 1 then return text end
    local number = text:find("^%d+$") and math.tointeger(tonumber(text)) or 0
    if number < 1 then refuse("%s holds '%s', which is no id", name, tostring(value)) end
    if not seen[number] then numbers[#numbers + 1] = number end
    seen[number] = true
  end
  table.sort(numbers)
  return numbers
end

local function same(list, other)
  return table.concat(list, ",") == table.concat(other, ",")
end

-- The authentication source whose id, or whose name or type without regard to case, is meant.
local function chosen_source(wanted)
  local found, names = {}, {}
  for index, source in ipairs(auth_sources.list()) do
    if tostring(source.id) == wanted then return source end
    if (source.name or ""):lower() == wanted:lower() or (source.type or ""):lower() == wanted:lower() then
      found[#found + 1] = source
    end
    names[index] = ("%d (%s)"):format(source.id, source.name or source.type)
  end
  if #found == 1 then return found[1] end
  refuse("there %s authentication source '%s': give the id of one of %s", #found == 0 and "is no" or "are several",
    wanted, table.concat(names, ", "))
end

-- All that could stand in the way, before anything is changed.

local sites, asset_groups = ids(params.sites, "sites"), ids(params.asset_groups, "asset_groups")
for _, name in ipairs { "role", "xpanse_role" } do
  if not params[name]:find("%S") then refuse("%s is empty: name the role", name) end
end
if params.xpanse_role == "Account Admin" then
  refuse("the API cannot give the Xpanse role Account Admin: do it in Xpanse")
end

local account
for user in users.each() do
  if user.login == params.login then
    account = user
  elseif user.login:lower() == params.login:lower() then
    refuse("there is the login %s, which differs in case only: use that one, or another", user.login)
  elseif user.email and user.email:lower() == address then
    refuse("the console user %s has the address already", user.login)
  end
end

local function find_member()
  local found = {}
  for _, user in ipairs(xpanse.users()) do
    if user.user_email and user.user_email:lower() == address then found[#found + 1] = user end
  end
  return found
end

local members = find_member()
if #members == 0 then
  refuse("Xpanse has no user with the address, and its API makes none: invite the person there first")
elseif #members > 1 then
  refuse("%d Xpanse users have the address: settle that first", #members)
end
local member = members[1]
local former = member.role_name or ""
if former ~= "" and former ~= params.xpanse_role then
  refuse("the person has the Xpanse role %s already: mover gives another one", former)
end

local found, role = pcall(roles.get, params.role)
if not found then refuse("the console role '%s' cannot be read: %s", params.role, tostring(role)) end
local is_known, failure = pcall(xpanse.roles, { params.xpanse_role })
if not is_known then refuse("the Xpanse role '%s' cannot be read: %s", params.xpanse_role, tostring(failure)) end

local grants = {}
for _, privilege in ipairs(role.privileges or {}) do grants[privilege] = true end
-- The console refuses a role with less than its privileges need.
if (grants["all-permissions"] or grants["manage-sites"] or grants["manage-tags"]) and sites ~= "all" then
  refuse("the role %s demands access to all sites: give sites=all", role.id)
end
if (grants["all-permissions"] or grants["manage-dynamic-asset-groups"]) and asset_groups ~= "all" then
  refuse("the role %s demands access to all asset groups: give asset_groups=all", role.id)
end
local source = params.source and chosen_source(params.source)

if account then
  local has = account.role and account.role.id
  if (account.email or ""):lower() ~= address or has ~= role.id then
    refuse("the login %s is taken, by an account with the address %s and the role %s", params.login,
      account.email or "none", has or "none")
  elseif account.enabled == false and not params.take_up then
    refuse("there is a disabled account with this login, address and role: give take_up=true to go on with it")
  end
end

-- Each step, with what takes it back; the first that fails takes back all.

local done, skipped, ways_back = json.array {}, json.array {}, {}

local function skip(step, reason)
  log.info("skipped", { step = step, reason = reason })
  skipped[#skipped + 1] = { step = step, reason = reason }
end

local function give_up(step, problem)
  log.error("not done, so all is taken back", { step = step, reason = tostring(problem) })
  local left = {}
  for index = #ways_back, 1, -1 do
    local way = ways_back[index]
    local ok, why = pcall(way.work)
    if ok then
      log.info("taken back", { step = way.step })
    else
      left[#left + 1] = way.step .. " (" .. tostring(why) .. ")"
    end
  end
  local outcome = #ways_back == 0 and "Nothing had been done before"
    or #left == 0 and "All that was done before was taken back"
    or "This could not be taken back, so do it by hand: " .. table.concat(left, "; ")
  error(("%s was not onboarded: %s: %s. %s"):format(address, step, (tostring(problem):gsub("%.$", "")), outcome), 0)
end

-- Whether nothing has changed for sure: where the server failed or did not answer, it may have done it all the same.
local function is_refused(problem)
  if type(problem) ~= "table" then return true end
  local status = problem.status or 0
  return status >= 400 and status < 500 or problem.kind == "denied" or problem.kind == "invalid_argument"
end

-- `take_back` is used if the step was done, or may have been.
local function step(name, work, take_back)
  local ok, problem = pcall(work)
  if ok or not is_refused(problem) then ways_back[#ways_back + 1] = { step = name, work = take_back } end
  if not ok then give_up(name, problem) end
  log.info("done", { step = name, login = params.login })
  done[#done + 1] = name
end

local id = account and account.id
if account then
  skip("console: create the account", "it is there already")
  if account.name ~= params.name then skip("console: the name", "it is " .. tostring(account.name) .. ", and stays") end
  local has = account.authentication or {}
  if source and has.id ~= source.id then
    skip("console: the source", "the account logs in with " .. tostring(has.name or has.type) .. ", and keeps that")
  end
  if params.password then skip("console: the password", "the account keeps the one that it has") end
else
  step("console: create the account", function()
    id = users.create {
      login = params.login, name = params.name, email = params.email, enabled = false,
      password = params.password or secrets.generate(32), passwordResetOnLogin = not (source and source.external),
      authentication = source and { id = source.id, type = source.type }
        or { type = role.id == "global-admin" and "admin" or "normal" },
      role = {
        id = role.id, allSites = sites == "all", allAssetGroups = asset_groups == "all",
        superuser = role.id == "global-admin",
      },
    }
  end, function()
    -- Without an answer the login tells whether there is an account; nobody else makes one that is disabled.
    local made = id and { id = id } or users.find { login = params.login, enabled = false }
    if not made then return end
    local ok, problem = pcall(users.delete, made.id)
    -- If the answer to a call before was lost, it may be gone already.
    if not ok and users.find { login = params.login } then error(problem, 0) end
  end)
end

local function give(what, flag, wanted, read, write)
  local has_all = account and account.role[flag]
  if has_all then return skip("console: give " .. what, "it reaches all of them already") end
  local before = ids(account and read(id), what)
  if wanted == "all" then
    if not account then return end -- Created with it.
    return step("console: give " .. what, function() users.patch(id, { role = { [flag] = true } }) end, function()
      users.patch(id, { role = { [flag] = false } })
      write(id, before)
    end)
  end
  -- What an account has that is there already stays.
  for _, other in ipairs(before) do wanted[#wanted + 1] = other end
  wanted = ids(wanted, what)
  if same(before, wanted) then
    skip("console: give " .. what, #wanted == 0 and "none are asked for" or "it has them already")
  else
    step("console: give " .. what, function() write(id, wanted) end, function()
      -- A new account goes as a whole.
      if account then write(id, before) end
    end)
  end
end
give("sites", "allSites", sites, users.sites, users.set_sites)
give("asset groups", "allAssetGroups", asset_groups, users.asset_groups, users.set_asset_groups)

if former == params.xpanse_role then
  skip("xpanse: give the role", "the person has it already")
else
  step("xpanse: give the role", function()
    if xpanse.set_role({ member.user_email }, params.xpanse_role) == 0 then
      -- The role was given already, as when the answer to this very call was lost before.
      local now = find_member()[1]
      if not now or now.role_name ~= params.xpanse_role then error("Xpanse answers that it changed nothing", 0) end
    end
  end, function() xpanse.remove_role({ member.user_email }) end)
end

if account and account.enabled ~= false then
  skip("console: enable the account", "it is enabled already")
else
  step("console: enable the account", function() users.enable(id) end, function()
    if account then users.disable(id) end
  end)
end

return {
  email = address, login = params.login, id = id, role = role.id, xpanse_role = params.xpanse_role,
  done = done, skipped = skipped,
}
