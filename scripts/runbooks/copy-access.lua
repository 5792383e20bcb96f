runbook {
  title  = "Give a user the access of another user",
  doc    = "Role, sites and asset groups of the one become those of the other; name, email, state and log-in stay. "
    .. "With only_add nothing is taken away: the role stays, and sites and asset groups are added. The result shows "
    .. "the difference. Global administrators are neither copied nor overwritten: that is decided for one person at a "
    .. "time.",
  params = {
    from     = { type = "string", required = true, doc = "login of the user whose access is copied" },
    to       = { type = "string", required = true, doc = "login of the user who gets it" },
    only_add = { type = "boolean", default = false, doc = "take nothing away: add sites and asset groups" },
  },
  needs  = { "users:read", "users:update", "users:access" },
  limits = { changes = 10, time = "10m" },
}

local function stop(reason)
  error(("copying the access of %s to %s: %s"):format(params.from, params.to, reason), 0)
end

if params.from == params.to then stop("both are the same user: give two logins") end

local source, target
for user in users.each { login = { params.from, params.to } } do
  if user.login == params.from then source = user else target = user end
end
if not source then stop(("there is no user %s: give a login as the console shows it"):format(params.from)) end
if not target then stop(("there is no user %s: give a login as the console shows it"):format(params.to)) end
for _, user in ipairs { source, target } do
  local role = user.role
  if not role or not role.id then stop(user.login .. " has no role: give one on the console first") end
  if role.id == "global-admin" or role.superuser then
    stop(user.login .. " is a global administrator: make or unmake those one at a time")
  end
end
if source.enabled == false then log.warn("the access of a disabled account is copied", { login = source.login }) end

-- Of two lists of ids: what the first has and the second has not.
local function missing(ids, others)
  local known, list = {}, json.array {}
  for _, id in ipairs(others) do known[id] = true end
  for _, id in ipairs(ids) do
    if not known[id] then list[#list + 1] = id end
  end
  table.sort(list)
  return list
end

local done = {}
local function step(name, work, ...)
  local ok, problem = pcall(work, ...)
  if not ok then
    local before = #done > 0 and "done before: " .. table.concat(done, ", ") or "nothing was changed"
    stop(("giving the %s: %s (%s): settle that and run it again"):format(name, tostring(problem), before))
  end
  done[#done + 1] = name
end

-- What is to become of the sites or asset groups. Read before the role is changed: the difference is to the beginning.
local function compare(name, flag, read, set)
  local has_all, gives_all = target.role[flag] == true, source.role[flag] == true
  local found = { name = name, set = set, has_all = has_all, all = gives_all or params.only_add and has_all }
  if found.all then
    found.added, found.removed, found.differs = json.array {}, json.array {}, not has_all
    return found
  end
  local has, given = read(target.id), read(source.id)
  found.added, found.removed = missing(given, has), missing(has, given)
  found.wanted = given
  if params.only_add then
    found.removed, found.wanted = json.array {}, missing(has, {})
    for _, id in ipairs(found.added) do found.wanted[#found.wanted + 1] = id end
  end
  table.sort(found.wanted)
  found.differs = #found.added + #found.removed > 0
  return found
end

local sites = compare("sites", "allSites", users.sites, users.set_sites)
local asset_groups = compare("asset groups", "allAssetGroups", users.asset_groups, users.set_asset_groups)
local new_role = params.only_add and target.role.id or source.role.id

if new_role ~= target.role.id or sites.all ~= sites.has_all or asset_groups.all ~= asset_groups.has_all then
  local role = { id = new_role, allSites = sites.all, allAssetGroups = asset_groups.all }
  step("role", users.patch, target.id, { role = role })
end
for _, kind in ipairs { sites, asset_groups } do
  if kind.differs and not kind.all then step(kind.name, kind.set, target.id, kind.wanted) end
end

local function shown(kind)
  return { all_before = kind.has_all, all_after = kind.all, added = kind.added, removed = kind.removed }
end
if #done == 0 then log.info("nothing to do: the access is the same already") end
return {
  from = params.from, to = params.to, changed = #done > 0, role = { before = target.role.id, after = new_role },
  sites = shown(sites), asset_groups = shown(asset_groups),
}
