runbook {
  title  = "Find accounts that are in one system only, doubled, or at odds",
  doc    = "Compares the console and Xpanse by the address, whatever its capitals, and lists what does not fit: who "
    .. "is in one system only, addresses that two console users or two Xpanse users have, users without an address, "
    .. "accounts that are disabled on the console and still have a role or groups in Xpanse, and users in Xpanse "
    .. "with neither. Changes nothing. Addresses and logins in ignore, such as service accounts, are not listed.",
  params = {
    ignore = { type = "array", doc = "addresses or logins of accounts that are as they should be, such as svc-scan" },
    format = {
      type = "string", default = "json", choices = { "json", "csv" },
      doc = "json for jq, csv for a spreadsheet",
    },
  },
  needs  = { "users:read", "xpanse:read" },
  limits = { changes = 0, time = "30m" },
}

local ignored = {}
for _, text in ipairs(params.ignore or {}) do ignored[tostring(text):lower()] = true end

local KINDS = {
  "only_on_console", "only_in_xpanse", "console_duplicate", "xpanse_duplicate", "disabled_with_xpanse_access",
  "without_xpanse_access", "no_address",
}
local found, rows = {}, {}
for _, kind in ipairs(KINDS) do found[kind] = json.array {} end

local function report(kind, entry, advice)
  table.insert(found[kind], entry)
  local logins, ids = {}, {}
  for index, user in ipairs(entry.users or { entry }) do logins[index], ids[index] = user.login, user.id end
  rows[#rows + 1] = {
    finding = kind, email = entry.email, ids = ids, logins = logins, enabled = entry.enabled,
    role = entry.role, xpanse_role = entry.xpanse_role, xpanse_groups = entry.xpanse_groups,
    spellings = entry.spellings, advice = advice,
  }
end

-- Both systems by address, in lower case; who has none is listed at once.

local function add(kind, address, user)
  kind[address] = kind[address] or {}
  table.insert(kind[address], user)
end

local accounts, members, addresses = {}, {}, {}
for user in users.each() do
  if ignored[user.login:lower()] then
    -- With the login goes its address, or the user in Xpanse would seem to be alone.
    if user.email then ignored[user.email:lower()] = true end
  else
    if user.email then
      add(accounts, user.email:lower(), user)
    else
      report("no_address", {
        system = "console", id = user.id, login = user.login, name = user.name or null, enabled = user.enabled ~= false,
        role = user.role and user.role.id or null,
      }, "give it an address, or name it in ignore")
    end
  end
end
for _, user in ipairs(xpanse.users()) do
  if user.user_email then
    add(members, user.user_email:lower(), user)
  else
    report("no_address", {
      system = "xpanse", name = (user.user_first_name or "") .. " " .. (user.user_last_name or ""),
      xpanse_role = user.role_name or null,
    }, "look at it in Xpanse")
  end
end
for address in pairs(accounts) do addresses[#addresses + 1] = address end
for address in pairs(members) do
  if not accounts[address] then addresses[#addresses + 1] = address end
end
table.sort(addresses)

local function role_of(member) return (member.role_name or "") ~= "" and member.role_name or null end

local compared = 0
for _, address in ipairs(addresses) do
  local mine, theirs = accounts[address] or {}, members[address] or {}
  if not ignored[address] then
    compared = compared + 1
    if #mine > 1 then
      local holders = {}
      for index, user in ipairs(mine) do holders[index] = { id = user.id, login = user.login } end
      table.sort(holders, function(a, b) return a.login < b.login end)
      report("console_duplicate", { email = address, users = holders }, "one person needs one account")
    end
    if #theirs > 1 then
      local spellings = json.array {}
      for index, member in ipairs(theirs) do spellings[index] = member.user_email end
      table.sort(spellings)
      report("xpanse_duplicate", { email = address, spellings = spellings }, "one person needs one user")
    end
    for _, user in ipairs(#theirs == 0 and mine or {}) do
      report("only_on_console", {
        email = address, id = user.id, login = user.login, enabled = user.enabled ~= false,
        role = user.role and user.role.id or null,
      }, "left the company, or not yet in Xpanse?")
    end
    for _, member in ipairs(theirs) do
      local role, groups = role_of(member), json.array(member.groups or {})
      if #mine == 0 then
        report("only_in_xpanse", { email = address, xpanse_role = role, xpanse_groups = groups },
          "left the company, or not yet on the console?")
      end
      for _, user in ipairs(mine) do
        if user.enabled == false and (role ~= null or #groups > 0) then
          report("disabled_with_xpanse_access", {
            email = address, id = user.id, login = user.login, enabled = false,
            role = user.role and user.role.id or null,
            xpanse_role = role, xpanse_groups = groups,
          }, "finish it with offboard-leaver")
        end
      end
      if role == null and #groups == 0 then
        report("without_xpanse_access", { email = address }, "remove it in Xpanse, or give it a role")
      end
    end
  end
end

if params.format == "csv" then
  return csv.encode(rows, { spreadsheet = true, columns = {
    "finding", "email", "ids", "logins", "enabled", "role", "xpanse_role", "xpanse_groups", "spellings", "advice",
  } })
end
local totals = { addresses = compared, findings = #rows }
for _, kind in ipairs(KINDS) do totals[kind] = #found[kind] end
found.totals = totals
return found
