runbook {
  title  = "Onboard a user with role, sites and asset groups by name",
  doc    = "Creates the account, or compares it if the login exists: a new name or role, a missing address and "
    .. "missing access are given; what somebody may have meant (a disabled or locked account, more access, another "
    .. "log-in) is left alone and listed in left_alone. The console tells no names of sites and asset groups: the CSV "
    .. "files site_names and asset_group_names do. A password that is not given is generated, and shown only with "
    .. "reveal=true; then a step that fails once the account is there is listed in not_done, and the run ends with the "
    .. "password instead of failing.",
  params = {
    login        = { type = "string", required = true, pattern = "%S+", doc = "login name, e.g. ada.byron" },
    name         = { type = "string", required = true, pattern = ".*%S.*", doc = "full name, e.g. \"Ada Byron\"" },
    email        = { type = "string", required = true, pattern = "[^@%s]+@[^@%s]+", doc = "email address" },
    role         = { type = "string", required = true, doc = "role by name or id, e.g. \"Security Manager\"" },
    sites        = { type = "array", doc = "sites by name or id, e.g. Berlin,7, or all; default: none" },
    asset_groups = { type = "array", doc = "asset groups by name or id, or all; default: none" },
    site_names   = { type = "file", doc = "CSV file with the columns name and id of the sites, e.g. sites.csv" },
    asset_group_names = { type = "file", doc = "CSV file with the columns name and id of the asset groups" },
    source       = {
      type = "string",
      doc = "authentication source by name, type or id, e.g. saml; default: a local password, and auth_sources:read "
        .. "can be withheld",
    },
    password     = { type = "secret", doc = "initial password; default: a generated one" },
    must_change  = { type = "boolean", default = true, doc = "a local password is changed at the first log-in" },
    reveal       = {
      type = "boolean", default = false,
      doc = "show a generated password in the result; without it secrets:reveal can be withheld",
    },
  },
  needs  = {
    "users:read", "users:create", "users:update", "users:access", "roles:read", "auth_sources:read", "secrets:reveal",
  },
  limits = { changes = 10, time = "10m" },
}

-- The console lets nobody have these privileges who has access to single sites or asset groups only.
local NEED_ALL_SITES = { ["all-permissions"] = true, ["manage-sites"] = true, ["manage-tags"] = true }
local NEED_ALL_ASSET_GROUPS = { ["all-permissions"] = true, ["manage-dynamic-asset-groups"] = true }

local function stop(reason) error(("onboarding %s: %s"):format(params.login, reason), 0) end

local function holds_any(role, wanted)
  for _, privilege in ipairs(role.privileges or {}) do
    if wanted[privilege] then return true end
  end
  return false
end

local function trimmed(text) return text:match("^%s*(.-)%s*$") end

-- Ids are whole numbers from 1, written in plain digits; nil for anything else.
local function id_of(text)
  local id = text:find("^%d+$") and math.tointeger(tonumber(text))
  return id and id >= 1 and id or nil
end

local function set_of(list)
  local set = {}
  for _, value in ipairs(list) do set[value] = true end
  return set
end

-- Newer consoles answer a table where older ones answer text.
local function text_of(value) return type(value) == "table" and value.defaultValue or value end

-- The one of a list whose id, or whose name or type without regard to case, is meant.
local function chosen(what, list, wanted)
  local found, names = {}, {}
  for index, one in ipairs(list) do
    local id, name = tostring(one.id), tostring(text_of(one.name) or "")
    if id == wanted then return one end
    if name:lower() == wanted:lower() or one.type and one.type:lower() == wanted:lower() then
      found[#found + 1] = one
    end
    names[index] = ("%s (%s)"):format(id, name)
  end
  if #found == 1 then return found[1] end
  stop(("%s %s '%s': give the id of one of %s"):format(#found == 0 and "there is no" or "there are several", what,
    wanted, table.concat(names, ", ")))
end

-- The ids by lower-case name of a CSV file.
local function ids_by_name(file)
  local ids = {}
  if not file then return ids end
  local ok, rows, lines = pcall(csv.decode, file.text, { columns = { "name", "id" } })
  if not ok then stop(("%s: %s"):format(file.name, rows.message)) end
  for index, row in ipairs(rows) do
    local name, id = trimmed(row.name):lower(), id_of(trimmed(row.id))
    if not id then
      stop(("%s, line %d: the id '%s' is no whole number from 1"):format(file.name, lines[index], row.id))
    end
    if ids[name] and ids[name] ~= id then
      stop(("%s, line %d: the name %s stands for %d too"):format(file.name, lines[index], row.name, ids[name]))
    end
    ids[name] = id
  end
  return ids
end

-- "all", or the ids that are meant, in order.
local function access(what, given, file)
  local names, seen, ids = ids_by_name(file), {}, json.array {}
  for _, value in ipairs(given or {}) do
    local name = trimmed(tostring(value))
    if name:lower() == "all" then
      if #given > 1 then stop(("all %ss, or single ones: not both"):format(what)) end
      return "all"
    end
    local id = names[name:lower()] or id_of(name)
    if not id then
      stop(file and ("%s names no %s '%s': correct the name, or give the id"):format(file.name, what, name)
        or ("'%s' is no id: give ids of %ss, or a file that has the names: --param %s_names=FILE"):format(name, what,
          (what:gsub(" ", "_"))))
    end
    if not seen[id] then ids[#ids + 1] = id end
    seen[id] = true
  end
  table.sort(ids)
  return ids
end

-- What is wanted, checked in full before the first change.
local role = chosen("role", roles.list(), params.role)
local sites = access("site", params.sites, params.site_names)
local asset_groups = access("asset group", params.asset_groups, params.asset_group_names)
local source = params.source and chosen("authentication source", auth_sources.list(), params.source)
local is_administrator = role.id == "global-admin"
if holds_any(role, NEED_ALL_SITES) and sites ~= "all" then
  stop(("the role %s demands access to all sites: give --param sites=all"):format(role.id))
end
if holds_any(role, NEED_ALL_ASSET_GROUPS) and asset_groups ~= "all" then
  stop(("the role %s demands access to all asset groups: give --param asset_groups=all"):format(role.id))
end

local user
for other in users.each() do
  local same_email = other.email and other.email:lower() == params.email:lower()
  if other.login == params.login then
    user = other
  elseif other.login:lower() == params.login:lower() then
    stop(("there is the login %s, which differs in case only: use that one, or another"):format(other.login))
  elseif same_email then
    stop(("%s has the address %s already: settle whose it is"):format(other.login, params.email))
  end
end

local done, not_done, changes, left_alone = {}, {}, {}, {}

-- `keep_on`: what there is to hand over is worth more than the step.
local function step(name, keep_on, work, ...)
  local ok, value = pcall(work, ...)
  if ok then
    done[#done + 1] = name
    return value
  end
  local before = #done > 0 and "done before: " .. table.concat(done, ", ") or "nothing was changed"
  if not keep_on then stop(("%s: %s (%s): settle that and run it again"):format(name, tostring(value), before)) end
  log.error("not done", { step = name, reason = tostring(value) })
  not_done[#not_done + 1] = { step = name, reason = tostring(value) }
end

local function change(field, before, after)
  changes[#changes + 1] = { field = field, before = before, after = after }
end

local function result(id, action, password)
  return {
    login = params.login, id = id, action = action, role = role.id, changes = changes, left_alone = left_alone,
    not_done = not_done, password = password,
  }
end

if not user then
  local password = params.password or secrets.generate(24)
  local shown = params.reveal and not params.password and secrets.reveal(password) or nil
  local id = step("creating the account", false, users.create, {
    login = params.login, name = params.name, email = params.email, enabled = true, password = password,
    passwordResetOnLogin = params.must_change and not (source and source.external),
    authentication = source and { id = source.id, type = source.type }
      or { type = is_administrator and "admin" or "normal" },
    role = {
      id = role.id, allSites = sites == "all", allAssetGroups = asset_groups == "all", superuser = is_administrator,
    },
  })
  done[1] = ("creating the account %s"):format(tostring(id))
  change("name", nil, params.name)
  change("email", nil, params.email)
  change("role", nil, role.id)
  local function give(field, what, wanted, set)
    if #wanted == 0 then return end
    local failed_before = #not_done
    if wanted ~= "all" then step("giving " .. what, shown ~= nil, set, id, wanted) end
    if #not_done == failed_before then change(field, nil, wanted) end
  end
  give("sites", "sites", sites, users.set_sites)
  give("asset_groups", "asset groups", asset_groups, users.set_asset_groups)
  return result(id, "created", shown)
end

-- The login exists: is it the same person, and what is missing?
if user.email and user.email:lower() ~= params.email:lower() then
  stop(("the login belongs to %s <%s>: choose another login, or correct the address on the console"):format(
    tostring(user.name), user.email))
end
local has = user.role or {}
if (has.id == "global-admin" or has.superuser == true) ~= is_administrator then
  stop("the account exists, and onboarding neither makes nor unmakes a global administrator of it: use the console")
end

local function leave(fact)
  log.warn("left alone", { login = user.login, fact = fact })
  left_alone[#left_alone + 1] = fact
end
if user.enabled == false then leave("the account is disabled") end
if user.locked then leave("the account is locked") end
local authentication = user.authentication or {}
if source and authentication.id ~= source.id then
  leave(("logs in with %s"):format(authentication.name or authentication.type or "an unknown source"))
end

-- What of the access is missing goes into the changes, and is returned; what there is besides stays.
local function compare_access(field, what, given, wanted, has_all, read)
  if not given or wanted == "all" and has_all then return end
  if has_all then return leave(("has access to all %s"):format(what)) end
  if wanted == "all" then
    change(field, "single ones", "all")
    return "all"
  end
  local current, union, more = read(user.id), json.array {}, {}
  local is_wanted, is_there = set_of(wanted), set_of(current)
  for _, id in ipairs(current) do
    union[#union + 1] = id
    if not is_wanted[id] then more[#more + 1] = tostring(id) end
  end
  for _, id in ipairs(wanted) do
    if not is_there[id] then union[#union + 1] = id end
  end
  if #more > 0 then leave(("has more %s: %s"):format(what, table.concat(more, ", "))) end
  table.sort(union)
  if #union == #current then return end
  change(field, current, union)
  return union
end

local patch = {}
if user.name ~= params.name then
  change("name", user.name, params.name)
  patch.name = params.name
end
if not user.email then
  change("email", nil, params.email)
  patch.email = params.email
end
if has.id ~= role.id then change("role", has.id, role.id) end
local new_sites = compare_access("sites", "sites", params.sites, sites, has.allSites, users.sites)
local new_asset_groups = compare_access("asset_groups", "asset groups", params.asset_groups, asset_groups,
  has.allAssetGroups, users.asset_groups)
if has.id ~= role.id or new_sites == "all" or new_asset_groups == "all" then
  patch.role = { id = role.id }
  if new_sites == "all" then patch.role.allSites = true end
  if new_asset_groups == "all" then patch.role.allAssetGroups = true end
end

if next(patch) then step("updating the account", false, users.patch, user.id, patch) end
if type(new_sites) == "table" then step("giving sites", false, users.set_sites, user.id, new_sites) end
if type(new_asset_groups) == "table" then
  step("giving asset groups", false, users.set_asset_groups, user.id, new_asset_groups)
end
return result(user.id, #done > 0 and "updated" or "unchanged")
