runbook {
  title  = "Bring the custom roles in line with a declared table",
  doc    = "The file is a JSON list of { \"id\", \"name\", \"description\", \"privileges\" }: what is missing is "
    .. "created, what differs is updated, and what is not declared is named, or deleted with delete=true if nobody "
    .. "has it. Built-in roles cannot be declared. A role is not given a privilege that demands all sites or asset "
    .. "groups while users of it have less: it is skipped with their logins. The whole file is checked first. "
    .. "change=false only reports the drift.",
  params = {
    roles  = { type = "file", required = true, doc = "the declared roles, e.g. roles.json" },
    delete = {
      type = "boolean", default = false,
      doc = "delete custom roles that are not declared and that nobody has; without it roles:delete can be withheld",
    },
    change = { type = "boolean", default = true, doc = "false only reports the drift: roles:update can be withheld" },
  },
  needs  = { "users:read", "roles:read", "roles:update", "roles:delete", "privileges:read" },
  limits = { changes = 500, time = "10m" },
}

local BUILT_IN = {
  ["global-admin"] = true, ["security-manager"] = true, ["site-admin"] = true, ["system-admin"] = true, user = true,
}
local FIELDS = { id = true, name = true, description = true, privileges = true }

-- The console lets nobody have these privileges who has access to single sites or asset groups only.
local DEMANDS = {
  { flag = "allSites", what = "all sites",
    privileges = { ["all-permissions"] = true, ["manage-sites"] = true, ["manage-tags"] = true } },
  { flag = "allAssetGroups", what = "all asset groups",
    privileges = { ["all-permissions"] = true, ["manage-dynamic-asset-groups"] = true } },
}

local function set_of(list)
  local set = {}
  for _, value in ipairs(list) do set[value] = true end
  return set
end

-- What is in the first set and not in the second, sorted.
local function without(set, other)
  local list = {}
  for value in pairs(set) do
    if not other[value] then list[#list + 1] = value end
  end
  return list
end

-- Newer consoles answer a table where older ones answer text.
local function text_of(value)
  if type(value) == "table" then return value.defaultValue or "" end
  return value or ""
end

-- the declared table, all of its faults at once -----------------------------------------------------------------------

local faults = {}
local function fault(place, message) faults[#faults + 1] = place .. ": " .. message end

local function stop_for_faults()
  if #faults == 0 then return end
  error(("reading the roles in %s: nothing was changed: %s"):format(params.roles.name, table.concat(faults, "; ")), 0)
end

local readable, declared = pcall(json.decode, params.roles.text)
if not readable then
  fault("the file", "it is not JSON: " .. (type(declared) == "table" and declared.message or tostring(declared)))
elseif type(declared) ~= "table" or next(declared) ~= nil and declared[1] == nil then
  fault("the file", "it must be a list of roles, each with id, name, description and privileges")
elseif #declared == 0 then
  fault("the file", "it declares no role: that would be every custom role gone")
end
stop_for_faults()

local known_privileges = set_of(privileges.list())

local function check_privileges(place, list)
  if type(list) ~= "table" or next(list) ~= nil and list[1] == nil then
    fault(place, "privileges must be a list of names")
    return
  end
  local seen = {}
  for _, name in ipairs(list) do
    if not known_privileges[name] then
      fault(place, ("the console knows no privilege %s: 'runbook call privileges.list' shows them"):format(
        tostring(name)))
    elseif seen[name] then
      fault(place, ("the privilege %s stands there twice"):format(name))
    end
    seen[name] = true
  end
end

local declared_at = {}
for index, role in ipairs(declared) do
  local place = "role " .. index
  if type(role) ~= "table" then
    fault(place, "it must be a table with id, name, description and privileges")
  else
    if type(role.id) == "string" and role.id ~= "" then
      place = ("role %d (%s)"):format(index, role.id)
      if declared_at[role.id] then
        fault(place, ("role %d has the same id"):format(declared_at[role.id]))
      elseif BUILT_IN[role.id] then
        fault(place, "it is built in and cannot be edited: take it out of the file")
      end
      declared_at[role.id] = declared_at[role.id] or index
    end
    for _, field in ipairs { "id", "name", "description" } do
      if type(role[field]) ~= "string" or role[field] == "" then fault(place, field .. " must be a text") end
    end
    for field in pairs(role) do
      if not FIELDS[field] then
        fault(place, ("there is no field %s: there are id, name, description and privileges"):format(tostring(field)))
      end
    end
    check_privileges(place, role.privileges)
  end
end
stop_for_faults()
table.sort(declared, function(a, b) return a.id < b.id end)
local declared_by_id = {}
for _, role in ipairs(declared) do declared_by_id[role.id] = role end

-- the drift -----------------------------------------------------------------------------------------------------------

local existing = {}
for _, role in ipairs(roles.list()) do existing[role.id] = role end

local drift, skipped, refused = {}, {}, {}

local function skip(id, reason)
  log.warn("skipped", { role = id, reason = reason })
  skipped[#skipped + 1] = { role = id, reason = reason }
end

-- Why the users of a role could not have these privileges; nil if they can.
local function obstacle(id, added)
  for _, demand in ipairs(DEMANDS) do
    local demanding
    for _, name in ipairs(added) do
      if demand.privileges[name] then demanding = name end
    end
    local logins = {}
    if demanding then
      for user in users.each { role = id } do
        if not user.role[demand.flag] then logins[#logins + 1] = user.login end
      end
    end
    if #logins > 0 then
      table.sort(logins)
      return ("%s demands %s, which %s of it lack%s, such as %s: give them that first"):format(demanding, demand.what,
        #logins == 1 and "a user" or #logins .. " users", #logins == 1 and "s" or "", logins[1])
    end
  end
  return nil
end

local function compare(role)
  local current = existing[role.id]
  if not current then
    return { role = role.id, action = "create", privileges_added = role.privileges }
  end
  local before, after = set_of(current.privileges or {}), set_of(role.privileges)
  local found = { role = role.id, action = "update" }
  local added, removed = without(after, before), without(before, after)
  if #added > 0 then found.privileges_added = added end
  if #removed > 0 then found.privileges_removed = removed end
  for _, field in ipairs { "name", "description" } do
    if text_of(current[field]) ~= role[field] then
      found[field] = { before = text_of(current[field]), after = role[field] }
    end
  end
  local differs = found.privileges_added or found.privileges_removed or found.name or found.description
  return differs and found or nil
end

for _, role in ipairs(declared) do
  local found = compare(role)
  if found then
    drift[#drift + 1] = found
    log.info("drift", { role = role.id, action = found.action })
  end
end

local undeclared = {}
for id in pairs(existing) do
  if not declared_by_id[id] and not BUILT_IN[id] then
    undeclared[#undeclared + 1] = { role = id, users = #roles.users(id) }
  end
end

-- the changes ---------------------------------------------------------------------------------------------------------

local created, updated, deleted = {}, {}, {}

-- What is refused for one role says nothing about the others; a missing permission or a console that is gone does.
local function concerns_one(problem)
  if type(problem) ~= "table" then return false end
  local kind = problem.kind
  return kind == "bad_request" or kind == "not_found" or kind == "conflict" or problem.status == 500
end

local function change(list, id, work, ...)
  local ok, problem = pcall(work, ...)
  if ok then
    list[#list + 1] = id
  elseif concerns_one(problem) then
    log.error("refused", { role = id, reason = tostring(problem) })
    refused[#refused + 1] = ("%s (%s)"):format(id, tostring(problem))
  else
    error(problem, 0)
  end
end

local function delete(id)
  local ok, problem = pcall(roles.delete, id)
  -- Gone already: by somebody else, or by this run before it was cut short and taken up again.
  if not ok and not (type(problem) == "table" and problem.kind == "not_found") then error(problem, 0) end
end

if params.change then
  for _, found in ipairs(drift) do
    local role = declared_by_id[found.role]
    local reason = found.action == "update" and obstacle(role.id, found.privileges_added or {})
    if reason then
      skip(role.id, reason)
    else
      local current = existing[role.id] or {}
      change(found.action == "create" and created or updated, role.id, roles.update, role.id, {
        -- A text that is the same stays as the console has it, with its key for other languages.
        id = role.id, name = found.name and role.name or current.name or role.name,
        description = found.description and role.description or current.description or role.description,
        privileges = role.privileges,
      })
    end
  end
  for _, one in ipairs(params.delete and undeclared or {}) do
    if one.users > 0 then
      skip(one.role, ("it is not declared, but %s: retire it with retire-role"):format(
        one.users == 1 and "a user has it" or one.users .. " users have it"))
    else
      change(deleted, one.role, delete, one.role)
    end
  end
end

local result = {
  drift = drift, undeclared = undeclared, created = created, updated = updated, deleted = deleted, skipped = skipped,
  in_line = #created + #updated == #drift and #deleted == #undeclared,
  totals = {
    drift = #drift, undeclared = #undeclared, created = #created, updated = #updated, deleted = #deleted,
    skipped = #skipped,
  },
}
if #refused > 0 then
  -- What was done is handed over by the error as well.
  result.refused = refused
  result.message = ("reconciling roles with %s: %d created, %d updated, %d deleted, but the console refused %s: settle that and "
    .. "run it again"):format(params.roles.name, #created, #updated, #deleted, table.concat(refused, "; "))
  error(result, 0)
end
return result
