runbook {
  title  = "Onboard many users from a CSV file",
  doc    = "The columns are login, name, email and role (by name or id), and if you like sites and asset_groups: "
    .. "names or ids with ; between them, or all. The whole file is checked against the console first, and every "
    .. "fault is told with its line. Then missing accounts are created, with a generated password; existing ones get "
    .. "what they lack, and keep what they have besides (see left_alone). Whom the console refuses does not keep the "
    .. "others from being done; after an error that concerns everybody the rest is not tried. The run then fails and "
    .. "names them; with reveal=true, which shows the passwords, it ends with refused and not_done in the result "
    .. "instead: they would be lost.",
  params = {
    people      = { type = "file", required = true, doc = "the CSV file, e.g. people.csv" },
    site_names  = { type = "file", doc = "CSV file with the columns name and id of the sites, e.g. sites.csv" },
    asset_group_names = { type = "file", doc = "CSV file with the columns name and id of the asset groups" },
    must_change = { type = "boolean", default = true, doc = "passwords are changed at the first log-in" },
    reveal      = {
      type = "boolean", default = false,
      doc = "show the generated passwords in the result; without it secrets:reveal can be withheld",
    },
    format      = { type = "string", default = "json", choices = { "json", "csv" }, doc = "form of the result" },
  },
  needs  = { "users:read", "users:create", "users:update", "users:access", "roles:read", "secrets:reveal" },
  limits = { changes = 10000, time = "2h" },
}

local REQUIRED = { "login", "name", "email", "role" }
local KNOWN = { login = true, name = true, email = true, role = true, sites = true, asset_groups = true }

local function holds_any(role, wanted)
  for _, privilege in ipairs(role.privileges or {}) do
    if wanted[privilege] then return true end
  end
  return false
end

local function set_of(list)
  local set = {}
  for _, value in ipairs(list) do set[value] = true end
  return set
end

local function trimmed(text) return text:match("^%s*(.-)%s*$") end

-- Ids are whole numbers from 1, written in plain digits; nil for anything else.
local function id_of(text)
  local id = text:find("^%d+$") and math.tointeger(tonumber(text))
  return id and id >= 1 and id or nil
end

-- Newer consoles answer a table where older ones answer text.
local function text_of(value) return type(value) == "table" and value.defaultValue or value or "" end

-- faults: of every file all of them are gathered, and told at once ----------------------------------------------------

local faults = {}
local function fault(file, line, message)
  faults[#faults + 1] = { line = line, text = ("%s, line %d: %s"):format(file.name, line, message) }
end

local function stop_for_faults()
  if #faults == 0 then return end
  table.sort(faults, function(a, b) return a.line < b.line end)
  local texts = {}
  for index = 1, math.min(#faults, 50) do texts[index] = faults[index].text end
  if #faults > 50 then texts[51] = ("and %d more"):format(#faults - 50) end
  error(("onboarding from %s: nothing was changed: %s"):format(params.people.name, table.concat(texts, "; ")), 0)
end

-- The records of a file, and the line of each.
local function read_csv(file, columns)
  local ok, rows, lines = pcall(csv.decode, file.text, { columns = columns })
  if ok then return rows, lines end
  error(("onboarding from %s: nothing was changed: %s: %s"):format(params.people.name, file.name, rows.message), 0)
end

-- sites and asset groups ----------------------------------------------------------------------------------------------

local function ids_by_name(file)
  local ids = {}
  if not file then return ids end
  local rows, lines = read_csv(file, { "name", "id" })
  for index, row in ipairs(rows) do
    local name, id = trimmed(row.name):lower(), id_of(trimmed(row.id))
    if not id then
      fault(file, lines[index], ("the id '%s' is no whole number from 1"):format(row.id))
    elseif ids[name] and ids[name] ~= id then
      fault(file, lines[index], ("the name %s stands for %d too"):format(row.name, ids[name]))
    else
      ids[name] = id
    end
  end
  return ids
end

-- `demanding`: the console lets nobody have these privileges who has access to single ones only.
local KINDS = {
  {
    field = "sites", what = "site", flag = "allSites", read = users.sites, set = users.set_sites,
    demanding = { ["all-permissions"] = true, ["manage-sites"] = true, ["manage-tags"] = true },
    file = params.site_names, ids = ids_by_name(params.site_names),
  },
  {
    field = "asset_groups", what = "asset group", flag = "allAssetGroups", read = users.asset_groups,
    set = users.set_asset_groups,
    demanding = { ["all-permissions"] = true, ["manage-dynamic-asset-groups"] = true },
    file = params.asset_group_names, ids = ids_by_name(params.asset_group_names),
  },
}

local roles_by_name, roles_by_id = {}, {}
for _, role in ipairs(roles.list()) do
  local name = text_of(role.name):lower()
  roles_by_id[role.id] = role
  roles_by_name[name] = roles_by_name[name] and "several" or role
end

-- the rows ------------------------------------------------------------------------------------------------------------

-- "all", the ids that are meant, or nil if the cell says nothing.
local function read_access(cell, kind, line)
  cell = trimmed(cell or "")
  if cell == "" then return nil end
  if cell:lower() == "all" then return "all" end
  local ids, seen = json.array {}, {}
  for part in cell:gmatch("[^;]+") do
    local name = trimmed(part)
    local id = kind.ids[name:lower()] or id_of(name)
    if not id then
      fault(params.people, line, kind.file and ("%s names no %s '%s'"):format(kind.file.name, kind.what, name)
        or ("'%s' is no id, and there is no file with the names of %ss"):format(name, kind.what))
    elseif not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
    end
  end
  table.sort(ids)
  return ids
end

local function read_role(cell, line)
  local role = roles_by_id[cell] or roles_by_name[cell:lower()]
  if role == "several" then
    return fault(params.people, line, ("several roles have the name '%s': give the id"):format(cell))
  elseif not role then
    return fault(params.people, line, ("there is no role '%s'"):format(cell))
  elseif role.id == "global-admin" then
    return fault(params.people, line, "global administrators are onboarded one at a time: use onboard-user")
  end
  return role
end

local function read_row(row, line)
  local person = { line = line }
  for _, field in ipairs(REQUIRED) do
    person[field] = trimmed(row[field])
    if person[field] == "" then fault(params.people, line, ("the %s is empty"):format(field)) end
  end
  if person.login:find("%s") then fault(params.people, line, ("the login '%s' holds a space"):format(person.login)) end
  if person.email ~= "" and not person.email:find("^[^@%s]+@[^@%s]+$") then
    fault(params.people, line, ("'%s' is no email address"):format(person.email))
  end
  local role = person.role ~= "" and read_role(person.role, line)
  person.role = role and role.id
  for _, kind in ipairs(KINDS) do
    person[kind.field] = read_access(row[kind.field], kind, line)
    if role and holds_any(role, kind.demanding) and person[kind.field] ~= "all" then
      fault(params.people, line, ("the role %s demands all %ss: write all under %s"):format(role.id, kind.what,
        kind.field))
    end
  end
  return person
end

local rows, lines = read_csv(params.people, REQUIRED)
for column in pairs(rows[1] or {}) do
  if not KNOWN[column] then
    fault(params.people, 1, ("there is no column '%s': there are login, name, email, role, sites and asset_groups")
      :format(column))
  end
end
local people, by_login, by_email = {}, {}, {}
for index, row in ipairs(rows) do
  local person = read_row(row, lines[index])
  local login, email = person.login:lower(), person.email:lower()
  if login ~= "" and by_login[login] then
    fault(params.people, person.line, ("the login %s stands in line %d already"):format(person.login,
      by_login[login].line))
  end
  if email ~= "" and by_email[email] then
    fault(params.people, person.line, ("the address %s stands in line %d already"):format(person.email,
      by_email[email].line))
  end
  people[index], by_login[login], by_email[email] = person, by_login[login] or person, by_email[email] or person
end

-- The console's users: who is there already, and is it the same person?
for user in users.each() do
  local person = by_login[user.login:lower()]
  local other = user.email and by_email[user.email:lower()]
  if other and other ~= person then
    fault(params.people, other.line, ("the address %s belongs to the user %s"):format(other.email, user.login))
  end
  if person and user.login ~= person.login then
    fault(params.people, person.line, ("the console has the login %s: write it like that"):format(user.login))
  elseif person and user.email and user.email:lower() ~= person.email:lower() then
    fault(params.people, person.line, ("the login %s belongs to %s <%s>"):format(user.login, tostring(user.name),
      user.email))
  elseif person and user.role and (user.role.id == "global-admin" or user.role.superuser) then
    fault(params.people, person.line, ("%s is a global administrator, who is not changed in bulk"):format(user.login))
  elseif person then
    person.user = user
  end
end
stop_for_faults()

-- the changes ---------------------------------------------------------------------------------------------------------

local created, updated, unchanged, refused, not_done = {}, {}, {}, {}, {}

-- What is refused for one row says nothing about the others; a missing permission or a console that is gone does.
local function concerns_one(problem)
  if type(problem) ~= "table" then return false end
  local kind = problem.kind
  return kind == "bad_request" or kind == "not_found" or kind == "conflict" or kind == "invalid_argument"
    or problem.status == 500
end

-- A new password, and how it is shown: in CSV not with a sign in front that a spreadsheet takes for a formula.
local function new_password()
  local password = secrets.generate(24)
  if not params.reveal then return password, nil end
  while params.format == "csv" and secrets.reveal(password):find("^[=+@-]") do password = secrets.generate(24) end
  return password, secrets.reveal(password)
end

-- Both fill in the entry of the person, also where they fail in the midst, and return the list that it belongs to.

local function create(person, entry)
  local password, shown = new_password()
  local id = users.create {
    login = person.login, name = person.name, email = person.email, enabled = true, password = password,
    passwordResetOnLogin = params.must_change, authentication = { type = "normal" },
    role = {
      id = person.role, superuser = false, allSites = person.sites == "all",
      allAssetGroups = person.asset_groups == "all",
    },
  }
  entry.id, entry.password, entry.changed[1] = id, shown, "account"
  for _, kind in ipairs(KINDS) do
    local ids = person[kind.field]
    if type(ids) == "table" and #ids > 0 then
      kind.set(id, ids)
      entry.changed[#entry.changed + 1] = kind.field
    end
  end
  return created
end

-- All ids of both lists; those that only the first has, as texts; and whether the first lacks any.
local function union(current, wanted)
  local ids, more = json.array {}, {}
  local is_wanted, is_there = set_of(wanted), set_of(current)
  for _, id in ipairs(current) do
    ids[#ids + 1] = id
    if not is_wanted[id] then more[#more + 1] = tostring(id) end
  end
  for _, id in ipairs(wanted) do
    if not is_there[id] then ids[#ids + 1] = id end
  end
  table.sort(ids)
  return ids, more, #ids > #current
end

local function update(person, entry)
  local user, changes, done = person.user, {}, entry.changed
  local role = user.role or {}
  entry.id = user.id
  local function leave(fact)
    log.warn("left alone", { line = person.line, login = user.login, fact = fact })
    entry.left_alone[#entry.left_alone + 1] = fact
  end
  if user.enabled == false then leave("the account is disabled") end
  if user.locked then leave("the account is locked") end

  if user.name ~= person.name then changes.name = person.name end
  if not user.email then changes.email = person.email end
  local new_role = {}
  if role.id ~= person.role then new_role.id = person.role end
  local single = {}
  for _, kind in ipairs(KINDS) do
    local wanted, has_all = person[kind.field], role[kind.flag] == true
    if wanted == "all" then
      if not has_all then new_role[kind.flag] = true end
    elseif wanted and has_all then
      leave(("has access to all %ss"):format(kind.what))
    elseif wanted then
      local ids, more, lacks = union(kind.read(user.id), wanted)
      if #more > 0 then leave(("has more %ss: %s"):format(kind.what, table.concat(more, ", "))) end
      if lacks then single[#single + 1] = { kind = kind, ids = ids } end
    end
  end
  if next(new_role) then
    new_role.id = person.role
    changes.role = new_role
  end

  if next(changes) then
    users.patch(user.id, changes)
    for field in pairs(changes) do done[#done + 1] = field end
  end
  for _, access in ipairs(single) do
    access.kind.set(user.id, access.ids)
    done[#done + 1] = access.kind.field
  end
  return #done > 0 and updated or unchanged
end

local failure
for _, person in ipairs(people) do
  local entry = { line = person.line, login = person.login, changed = {}, left_alone = {} }
  local list
  if failure then
    list, entry.reason = not_done, "not tried, because of the error before"
  else
    local ok, result = pcall(person.user and update or create, person, entry)
    if not ok and not concerns_one(result) then failure = result end
    list = ok and result or failure and not_done or refused
    if not ok then entry.reason = tostring(result) end
  end
  if entry.reason then
    log.error(list == refused and "refused" or "not done", {
      line = person.line, login = person.login, reason = entry.reason,
    })
  end
  list[#list + 1] = entry
end

local totals = {
  created = #created, updated = #updated, unchanged = #unchanged, refused = #refused, not_done = #not_done,
}
log.info("done", totals)

-- The first ten with their reasons; the log names them all.
local function listing(list)
  local texts = {}
  for index = 1, math.min(#list, 10) do texts[index] = ("%s (%s)"):format(list[index].login, list[index].reason) end
  if #list > 10 then texts[11] = ("and %d more, whom the log names"):format(#list - 10) end
  return table.concat(texts, "; ")
end

if #refused + #not_done > 0 and not params.reveal then
  local texts = {}
  if #refused > 0 then texts[1] = "the console refused " .. listing(refused) end
  if failure then texts[#texts + 1] = "not done are " .. listing(not_done) end
  error(("onboarding from %s: %d created, %d updated, %d unchanged, but %s: settle that and run it again"):format(
    params.people.name, #created, #updated, #unchanged, table.concat(texts, ", and ")), 0)
end
if params.format == "csv" then
  local table_rows = {}
  for outcome, list in pairs {
    created = created, updated = updated, unchanged = unchanged, refused = refused, not_done = not_done,
  } do
    for _, entry in ipairs(list) do
      entry.outcome = outcome
      table_rows[#table_rows + 1] = entry
    end
  end
  table.sort(table_rows, function(a, b) return a.line < b.line end)
  local columns = { "line", "login", "outcome", "id", "changed", "left_alone", "reason" }
  if params.reveal then columns[#columns + 1] = "password" end
  return csv.encode(table_rows, { columns = columns, spreadsheet = true })
end
return {
  created = created, updated = updated, unchanged = unchanged, refused = refused, not_done = not_done, totals = totals,
}
