runbook {
  title  = "Move every user of a role to another role",
  doc    = "Email, state, sites and asset groups stay as they are. A user whose access is too narrow for the new role "
    .. "is skipped, unless widen says to give all sites or asset groups. global-admin is neither taken nor given: "
    .. "that is decided for one person at a time. The result lists who was moved and who was skipped, and why; if the "
    .. "console refuses somebody the others are moved all the same, and the run fails with their names.",
  params = {
    from  = { type = "string", required = true, doc = "role id that its users lose, e.g. tier-1-support" },
    to    = { type = "string", required = true, doc = "role id that they get, e.g. security-manager" },
    widen = { type = "boolean", default = false, doc = "give all sites or asset groups where the new role demands it" },
  },
  needs  = { "users:read", "users:update", "users:access", "roles:read" },
  limits = { changes = 10000, time = "1h" },
}

local WIDTH = 8

-- The console lets nobody have these privileges who has access to single sites or asset groups only.
local NEED_ALL_SITES = { ["all-permissions"] = true, ["manage-sites"] = true, ["manage-tags"] = true }
local NEED_ALL_ASSET_GROUPS = { ["all-permissions"] = true, ["manage-dynamic-asset-groups"] = true }

local function holds_any(role, wanted)
  for _, privilege in ipairs(role.privileges or {}) do
    if wanted[privilege] then return true end
  end
  return false
end

-- What is refused for one user says nothing about the others; a missing permission or a console that is gone does.
local function concerns_one(problem)
  if type(problem) ~= "table" then return false end
  local kind = problem.kind
  return kind == "bad_request" or kind == "not_found" or kind == "conflict" or kind == "invalid_argument"
    or problem.status == 500
end

local function by_login(a, b) return a.login < b.login end

-- The first ten with their reasons; the log names them all.
local function listing(list)
  local texts = {}
  for index = 1, math.min(#list, 10) do texts[index] = ("%s (%s)"):format(list[index].login, list[index].reason) end
  if #list > 10 then texts[11] = ("and %d more, whom the log names"):format(#list - 10) end
  return table.concat(texts, "; ")
end

local function existing_role(list, name, id)
  for _, role in ipairs(list) do
    if role.id == id then return role end
  end
  local ids = {}
  for index, role in ipairs(list) do ids[index] = role.id end
  error(("moving users: the parameter '%s' names the role '%s', which does not exist: there are %s"):format(
    name, id, table.concat(ids, ", ")), 0)
end

if params.from == params.to then
  error("moving users: from and to are the same role, " .. params.to .. ": give two", 0)
end
for _, name in ipairs { "from", "to" } do
  if params[name] == "global-admin" then
    error("moving users: '" .. name .. "' is global-admin: make or unmake administrators one at a time", 0)
  end
end

local all_roles = roles.list()
existing_role(all_roles, "from", params.from)
local new_role = existing_role(all_roles, "to", params.to)
local needs_all_sites = holds_any(new_role, NEED_ALL_SITES)
local needs_all_asset_groups = holds_any(new_role, NEED_ALL_ASSET_GROUPS)

local moved, skipped, refused = {}, {}, {}

parallel(users.each { role = params.from }, WIDTH, function(user)
  local more_sites = needs_all_sites and not user.role.allSites
  local more_asset_groups = needs_all_asset_groups and not user.role.allAssetGroups
  if (more_sites or more_asset_groups) and not params.widen then
    local what = more_sites and more_asset_groups and "all sites and all asset groups"
      or more_sites and "all sites" or "all asset groups"
    local reason = ("the role %s needs access to %s"):format(params.to, what)
    log.warn("skipped", { login = user.login, reason = reason })
    skipped[#skipped + 1] = { id = user.id, login = user.login, reason = reason }
    return
  end

  local role = { id = params.to }
  if more_sites then role.allSites = true end
  if more_asset_groups then role.allAssetGroups = true end
  local ok, problem = pcall(users.patch, user.id, { role = role })
  if ok then
    moved[#moved + 1] = { id = user.id, login = user.login, widened = more_sites or more_asset_groups }
  elseif concerns_one(problem) then
    log.error("refused", { login = user.login, reason = tostring(problem) })
    refused[#refused + 1] = { login = user.login, reason = tostring(problem) }
  else
    error(problem, 0)
  end
end)

for _, list in ipairs { moved, skipped, refused } do table.sort(list, by_login) end
log.info("done", { moved = #moved, skipped = #skipped, refused = #refused })

local result = {
  from = params.from, to = params.to, moved = moved, skipped = skipped,
  totals = { moved = #moved, skipped = #skipped },
}
if #refused > 0 then
  -- What was done is handed over by the error as well.
  result.refused = refused
  result.message = ("moving users from %s to %s: %d moved, but the console refused %s: settle that and run it again"):format(
    params.from, params.to, #moved, listing(refused))
  error(result, 0)
end
return result
