runbook {
  title  = "Retire a custom role: move its users, then delete it",
  doc    = "Moves every user of the role to another one, keeping email, state, sites and asset groups, and deletes "
    .. "the role once nobody has it. Nothing is changed if somebody's access is too narrow for the new role, unless "
    .. "widen says to give all sites or asset groups. Whom the console refuses is named, and the role stays until a "
    .. "later run. Built-in roles are refused, and nobody is made a global administrator.",
  params = {
    role  = { type = "string", required = true, doc = "role id to retire, e.g. tier-1-support" },
    to    = { type = "string", required = true, doc = "role id that its users get, e.g. user" },
    widen = { type = "boolean", default = false, doc = "give all sites or asset groups where the new role demands it" },
  },
  needs  = { "users:read", "users:update", "users:access", "roles:read", "roles:delete" },
  limits = { changes = 10000, time = "1h" },
}

local WIDTH = 8
local BUILT_IN = {
  ["global-admin"] = true, ["security-manager"] = true, ["site-admin"] = true, ["system-admin"] = true, user = true,
}

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

-- The first ten; the log names them all.
local function listing(list)
  local texts = {}
  for index = 1, math.min(#list, 10) do
    local one = list[index]
    texts[index] = one.reason and ("%s (%s)"):format(one.login, one.reason) or one.login
  end
  if #list > 10 then texts[11] = ("and %d more, whom the log names"):format(#list - 10) end
  return table.concat(texts, "; ")
end

local function stop(reason) error(("retiring the role %s: %s"):format(params.role, reason), 0) end

if BUILT_IN[params.role] then stop("it is built in, and the console keeps those: only custom roles can be retired") end
if params.role == params.to then stop("its users would get it back: give another role as to") end
if params.to == "global-admin" then stop("its users would be global administrators: make those one at a time") end

local old_role, new_role
for _, role in ipairs(roles.list()) do
  if role.id == params.role then old_role = role end
  if role.id == params.to then new_role = role end
end
if not new_role then stop(("there is no role %s to move its users to: 'runbook call roles.list' shows them"):format(
    params.to)) end
if not old_role then
  log.warn("nothing to do: there is no such role (any more)", { role = params.role })
  return {
    role = params.role, to = params.to, moved = {}, deleted = false, reason = "there is no such role",
    totals = { moved = 0 },
  }
end

local needs_all_sites = holds_any(new_role, NEED_ALL_SITES)
local needs_all_asset_groups = holds_any(new_role, NEED_ALL_ASSET_GROUPS)
local too_narrow = {}
for user in users.each { role = params.role } do
  if needs_all_sites and not user.role.allSites or needs_all_asset_groups and not user.role.allAssetGroups then
    log.info("access too narrow for the new role", { login = user.login, role = params.to })
    too_narrow[#too_narrow + 1] = { login = user.login }
  end
end
if #too_narrow > 0 and not params.widen then
  stop(("%s demands more access than these have: %s: nothing was changed; choose another role, or let widen=true give "
    .. "them all sites or asset groups"):format(params.to, listing(too_narrow)))
end

local moved, refused = {}, {}
parallel(users.each { role = params.role }, WIDTH, function(user)
  local role = { id = params.to }
  if needs_all_sites then role.allSites = true end
  if needs_all_asset_groups then role.allAssetGroups = true end
  local ok, problem = pcall(users.patch, user.id, { role = role })
  if ok then
    moved[#moved + 1] = { id = user.id, login = user.login }
  elseif concerns_one(problem) then
    log.error("refused", { login = user.login, reason = tostring(problem) })
    refused[#refused + 1] = { login = user.login, reason = tostring(problem) }
  else
    error(problem, 0)
  end
end)
table.sort(moved, by_login)
table.sort(refused, by_login)

if #refused > 0 then
  stop(("%d moved to %s, but the console refused %s: the role was not deleted; settle that and run it again"):format(
    #moved, params.to, listing(refused)))
end
local left = roles.users(params.role)
if #left > 0 then
  stop(("somebody got it meanwhile, such as the user %d: the role was not deleted; run it again"):format(left[1]))
end
local ok, problem = pcall(roles.delete, params.role)
-- Gone already: by somebody else, or by this run before it was cut short and taken up again.
if not ok and not (type(problem) == "table" and problem.kind == "not_found") then error(problem, 0) end
log.info("retired", { role = params.role, moved = #moved, to = params.to })
return { role = params.role, to = params.to, moved = moved, deleted = true, totals = { moved = #moved } }
