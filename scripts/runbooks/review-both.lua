runbook {
  title  = "Review who has which access on the console and in Xpanse",
  doc    = "For the quarterly review: one entry a person with everything that both systems say, joined by the "
    .. "address, and findings that want a look: privileged, disabled or locked with a role, not used for long, on "
    .. "one side only, addresses that two have. A second Xpanse user of an address has an entry of its own, without "
    .. "login. Changes nothing and leaves nobody out. With format=csv a table that "
    .. "a spreadsheet opens safely, with an empty column to write the decision in.",
  params = {
    format      = {
      type = "string", default = "json", choices = { "json", "csv" },
      doc = "json for jq, csv for a spreadsheet",
    },
    role        = {
      type = "string",
      doc = "only console users of this role id, and the Xpanse users of their addresses",
    },
    access      = {
      type = "boolean", default = true,
      doc = "also read sites and asset groups, which takes two calls for each user",
    },
    unused_days = {
      type = "integer", default = 90,
      doc = "who has not logged in to Xpanse for so many days is a finding; the console does not tell its last "
        .. "logins",
    },
  },
  needs  = { "users:read", "xpanse:read" },
  limits = { changes = 0, time = "1h" },
}

local members, order, now = {}, {}, os.time()
for _, user in ipairs(xpanse.users()) do
  -- Without an address it stands for itself.
  local key = user.user_email and user.user_email:lower() or "without address " .. #order
  if not members[key] then order[#order + 1] = key end
  members[key] = members[key] or {}
  table.insert(members[key], user)
end

local function is_administrator(role) return role.id == "global-admin" or role.superuser == true end

local function has_rights(member) return (member.role_name or "") ~= "" or #(member.groups or {}) > 0 end

-- What is to be looked at of a user in Xpanse.
local function judge_member(member, findings)
  if member.role_name == "Account Admin" or member.role_name == "Instance Administrator" then
    findings[#findings + 1] = "administrator in Xpanse"
  end
  local last = member.last_logged_in
  if has_rights(member) and not last then
    findings[#findings + 1] = "never logged in to Xpanse"
  elseif has_rights(member) and now - last // 1000 > params.unused_days * 86400 then
    findings[#findings + 1] = "not logged in to Xpanse for " .. (now - last // 1000) // 86400 .. " days"
  end
end

local function full_name(member)
  local first, last = member.user_first_name or "", member.user_last_name or ""
  return first .. (first ~= "" and last ~= "" and " " or "") .. last
end

-- A flag of a console user; null for whom the console does not know.
local function flag(user, value)
  if not user then return null end
  return value == true
end

-- What several Xpanse users with one address are told to be.
local function doubled(found) return #found .. " Xpanse users have the address" end

local function entry(address, user, member, findings)
  local role = user and user.role or {}
  local last = member and member.last_logged_in
  return {
    email = address or null,
    name = user and user.name or member and full_name(member) or null,
    id = user and user.id or null,
    login = user and user.login or null,
    enabled = flag(user, user and user.enabled ~= false),
    locked = flag(user, user and user.locked),
    source = user and user.authentication and user.authentication.type or null,
    role = role.id or null,
    superuser = flag(user, role.superuser),
    sites = null, asset_groups = null,
    xpanse_role = member and (member.role_name or "") ~= "" and member.role_name or null,
    xpanse_groups = member and json.array(member.groups or {}) or null,
    xpanse_last_login = last and os.date("!%Y-%m-%dT%H:%M:%SZ", last // 1000) or null,
    findings = json.array(findings),
  }
end

local console_users, holders, enabled_holders, reviewed = {}, {}, {}, {}
local has_users = not params.role -- whether anybody has the role
for user in users.each() do
  local address = user.email and user.email:lower()
  if address then holders[address] = (holders[address] or 0) + 1 end
  if address and user.enabled ~= false then enabled_holders[address] = true end
  if not params.role or user.role and user.role.id == params.role then
    console_users[#console_users + 1] = user
    if address then reviewed[address] = true end
    has_users = true
  end
end
if not has_users then
  log.warn("no user has this role: is it the id of a role, as roles.list() shows it?", { role = params.role })
end

local people = parallel(console_users, 8, function(user)
  local address, role, findings = user.email and user.email:lower(), user.role or {}, {}
  local found = address and members[address] or {}
  local member = found[1]
  if is_administrator(role) then findings[#findings + 1] = "administrator on the console" end
  if not address then findings[#findings + 1] = "no address: cannot be looked up in Xpanse" end
  if address and holders[address] > 1 then findings[#findings + 1] = "another console user has the address" end
  if #found > 1 then findings[#findings + 1] = doubled(found) end
  if address and not member then findings[#findings + 1] = "only on the console" end
  if user.enabled == false and is_administrator(role) then
    findings[#findings + 1] = "disabled, and still an administrator"
  end
  if user.enabled == false and member and has_rights(member) then
    findings[#findings + 1] = "disabled on the console, with a role or groups in Xpanse"
  end
  if user.locked then findings[#findings + 1] = "locked on the console" end
  if member then judge_member(member, findings) end
  local person = entry(address, user, member, findings)
  if params.access then
    person.sites = role.allSites and "all" or users.sites(user.id)
    person.asset_groups = role.allAssetGroups and "all" or users.asset_groups(user.id)
  end
  return person
end)

-- Whom only Xpanse knows, and the second and further users of an address: the first is shown with the account.
for _, key in ipairs(order) do
  local found = members[key]
  local is_shown = reviewed[key] or not params.role and not holders[key]
  for index = reviewed[key] and 2 or 1, is_shown and #found or 0 do
    local member, findings = found[index], {}
    if not holders[key] then findings[#findings + 1] = "only in Xpanse" end
    if not member.user_email then findings[#findings + 1] = "no address: cannot be looked up on the console" end
    if #found > 1 then findings[#findings + 1] = doubled(found) end
    if holders[key] and not enabled_holders[key] and has_rights(member) then
      findings[#findings + 1] = "disabled on the console, with a role or groups in Xpanse"
    end
    judge_member(member, findings)
    people[#people + 1] = entry(member.user_email and key, nil, member, findings)
  end
end

-- By address, then by login; who has no address comes last.
local function rank(person)
  local email, login = person.email, person.login
  return (email == null and "1" or "0 " .. email) .. " " .. (login == null and "" or login)
end
table.sort(people, function(a, b) return rank(a) < rank(b) end)

if params.format == "csv" then
  return csv.encode(people, { spreadsheet = true, columns = {
    "email", "name", "id", "login", "enabled", "locked", "source", "role", "superuser", "sites", "asset_groups",
    "xpanse_role", "xpanse_groups", "xpanse_last_login", "findings", "decision",
  } })
end

local with_findings, administrators = 0, 0
for _, person in ipairs(people) do
  if #person.findings > 0 then with_findings = with_findings + 1 end
  if person.superuser == true or person.role == "global-admin" then administrators = administrators + 1 end
end
return {
  made = os.date("!%Y-%m-%dT%H:%M:%SZ", now), people = json.array(people),
  totals = { people = #people, with_findings = with_findings, console_administrators = administrators },
}
