runbook {
  title  = "Migrate local accounts to single sign-on",
  doc    = "Lets an external authentication source check the password of local accounts, of a role or of a CSV file "
    .. "with the column login; role, access, email and state stay. Skipped, with the reason, is who logs in elsewhere "
    .. "already, who has no email address (single sign-on finds accounts by it), the account that this runs as, and "
    .. "the last global administrator who is enabled and has a local password: if the source fails, somebody must get "
    .. "in. The source may be ldap or kerberos too.",
  params = {
    source        = { type = "string", required = true, doc = "name, type or id of the source, e.g. saml" },
    role          = { type = "string", doc = "migrate the users of this role id, e.g. security-manager" },
    people        = { type = "file", doc = "migrate the users of this CSV file, which has a column login" },
    runs_as       = {
      type = "string",
      doc = "the login of the console account that this runs as, for the console does not say: needed only if enabled "
        .. "global administrators are to be migrated",
    },
    except        = { type = "array", default = {}, doc = "logins to leave alone, e.g. break-glass accounts" },
    without_email = { type = "boolean", default = false, doc = "migrate users without an email address too" },
  },
  needs  = { "users:read", "users:update", "users:access", "auth_sources:read" },
  limits = { changes = 10000, time = "1h" },
}

local WIDTH = 8
local LOCAL = { normal = true, admin = true }

if (params.role == nil) == (params.people == nil) then
  error("migrating to single sign-on: it is not clear whom: give either --param role=… or --param people=FILE", 0)
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

local function chosen_source()
  local wanted, found, names = params.source:lower(), {}, {}
  for _, source in ipairs(auth_sources.list()) do
    local name, kind = source.name or "", source.type or ""
    names[#names + 1] = ("%d = %s (%s)"):format(source.id, name, kind)
    if wanted == tostring(source.id) or wanted == name:lower() or wanted == kind:lower() then
      found[#found + 1] = source
    end
  end
  local problem = #found == 0 and "there is no such authentication source"
    or #found > 1 and "several authentication sources are meant by it"
    or LOCAL[found[1].type] and "it checks local passwords, so nothing would be migrated"
  if problem then
    error(("migrating to the source %s: %s: give the id of one of %s"):format(params.source, problem,
      table.concat(names, ", ")), 0)
  end
  return found[1]
end

-- The line of each login of the file.
local faults = {}
local function lines_of_file()
  local ok, rows, lines = pcall(csv.decode, params.people.text, { columns = { "login" } })
  if not ok then error(("reading %s: nothing was changed: %s"):format(params.people.name, rows.message), 0) end
  local line_of = {}
  for index, row in ipairs(rows) do
    local login, line = row.login:match("^%s*(.-)%s*$"), lines[index]
    if login == "" then
      faults[#faults + 1] = { line = line, text = "the login is empty" }
    elseif line_of[login] then
      faults[#faults + 1] = { line = line, text = ("%s stands in line %d already"):format(login, line_of[login]) }
    else
      line_of[login] = line
    end
  end
  return line_of
end

-- Why a login is left alone, and who of them is there.
local excepted, there = {}, {}
for _, login in ipairs(params.except) do excepted[login] = "excepted" end
if params.runs_as then excepted[params.runs_as] = "is the account that this runs as" end

-- Why a user is not migrated; nil if nothing is in the way.
local function obstacle(user)
  local authentication = user.authentication or {}
  if excepted[user.login] then return excepted[user.login] end
  if not authentication.type then return "has no authentication type that the console tells" end
  if not LOCAL[authentication.type] then
    return ("has no local password: logs in with %s (%s)"):format(authentication.name or "another source",
      authentication.type)
  end
  if not user.email and not params.without_email then return "has no email address" end
  return nil
end

-- Only such an account can run this.
local function is_administrator(user)
  local role = user.role or {}
  return (role.id == "global-admin" or role.superuser == true) and user.enabled ~= false
end

-- Whether the user is one of those who could get in if the source failed; one who is locked could be unlocked.
local function is_last_resort(user)
  return is_administrator(user) and LOCAL[user.authentication and user.authentication.type or ""] == true
end

local source = chosen_source()
local line_of = params.people and lines_of_file()
local migrating, unchanged, skipped, refused = {}, {}, {}, {}

local function skip(user, reason)
  log.warn("skipped", { login = user.login, reason = reason })
  skipped[#skipped + 1] = { id = user.id, login = user.login, reason = reason }
end

local somebody_stays, somebody_is_meant = false, false
for user in users.each() do
  if excepted[user.login] then there[user.login] = user end
  local line, is_wanted = nil, user.role ~= nil and user.role.id == params.role
  if line_of then
    line = line_of[user.login]
    is_wanted, line_of[user.login] = line ~= nil, nil
  end
  somebody_is_meant = somebody_is_meant or is_wanted
  local reason = is_wanted and obstacle(user)
  if is_wanted and user.authentication and user.authentication.id == source.id then
    unchanged[#unchanged + 1] = { id = user.id, login = user.login }
  elseif reason then
    skip(user, reason)
  elseif is_wanted then
    migrating[#migrating + 1] = {
      id = user.id, login = user.login, was = user.authentication.type, locked = user.locked == true,
      last_resort = is_last_resort(user),
    }
  end
  if (reason or not is_wanted) and is_last_resort(user) and not user.locked then somebody_stays = true end
end

-- Everything is checked before the first change.
for login, line in pairs(line_of or {}) do
  faults[#faults + 1] = { line = line, text = "there is no user " .. login }
end
if #faults > 0 then
  table.sort(faults, function(a, b) return a.line < b.line end)
  for index, one in ipairs(faults) do faults[index] = ("line %d: %s"):format(one.line, one.text) end
  error(("reading %s: nothing was changed: %s"):format(params.people.name, table.concat(faults, "; ")), 0)
end
for _, login in ipairs(params.except) do
  if not there[login] then
    error(("migrating to single sign-on: except names %s, who is no user: give logins as the console shows them")
      :format(login), 0)
  end
end
if params.runs_as and not (there[params.runs_as] and is_administrator(there[params.runs_as])) then
  error(("migrating to single sign-on: runs_as names %s, and no enabled global administrator has this login: give the "
    .. "login that this runs as"):format(params.runs_as), 0)
end

if params.role and not somebody_is_meant then
  log.warn("nothing to do: no user has this role", { role = params.role })
end
if not somebody_stays then
  -- Better one whom nothing keeps out than one who is locked.
  local last
  for index, user in ipairs(migrating) do
    if user.last_resort and (not last or migrating[last].locked and not user.locked) then last = index end
  end
  if last then
    skip(table.remove(migrating, last), "is the last enabled global administrator with a local password")
  end
end

for _, user in ipairs(params.runs_as and {} or migrating) do
  if user.last_resort then
    error(("migrating to single sign-on: there are global administrators among them, such as %s, and this may run as "
      .. "one of them, who would be shut out in the midst: give the login that it runs as with --param runs_as=…")
      :format(user.login), 0)
  end
end

local migrated = {}
local function migrate(user)
  local ok, problem = pcall(users.patch, user.id, { authentication = { id = source.id, type = source.type } })
  if ok then
    migrated[#migrated + 1] = { id = user.id, login = user.login, was = user.was }
  elseif concerns_one(problem) then
    log.error("refused", { login = user.login, reason = tostring(problem) })
    refused[#refused + 1] = { login = user.login, reason = tostring(problem) }
  else
    error(problem, 0)
  end
end

-- Administrators go last, one after the other: if runs_as names another account than this run's own, that one is shut
-- out in the midst.
local administrators, others = {}, {}
for _, user in ipairs(migrating) do
  local list = user.last_resort and administrators or others
  list[#list + 1] = user
end
parallel(others, WIDTH, migrate)
local before
for _, user in ipairs(administrators) do
  local ok, problem = pcall(migrate, user)
  if not ok and before and type(problem) == "table" and problem.kind == "unauthorized" then
    error(("migrating to %s: since %s was migrated the console refuses this run, which seems to log in as %s: run it "
      .. "again as another administrator, whom runs_as names"):format(source.name or source.type, before, before), 0)
  end
  if not ok then error(problem, 0) end
  before = user.login
end

for _, list in ipairs { migrated, unchanged, skipped, refused } do table.sort(list, by_login) end
log.info("done", { migrated = #migrated, unchanged = #unchanged, skipped = #skipped, refused = #refused })

local result = {
  source = { id = source.id, name = source.name, type = source.type },
  migrated = migrated, unchanged = unchanged, skipped = skipped,
  totals = { migrated = #migrated, unchanged = #unchanged, skipped = #skipped },
}
if #refused > 0 then
  -- What was done is handed over by the error as well.
  result.refused = refused
  result.message = ("migrating to %s: %d migrated, but the console refused %s: settle that and run it again"):format(
    source.name or source.type, #migrated, listing(refused))
  error(result, 0)
end
return result
