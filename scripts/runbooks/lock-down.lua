runbook {
  title  = "Lock people out of the console and of Xpanse at once",
  doc    = "Break-glass: disables every console account with one of the addresses, renews its two-factor seed, and "
    .. "takes the role in Xpanse. Carries on when a person or a whole side fails; the run then fails and lists all "
    .. "that is not done: mend it and run it again, for what is done is skipped. The account that it runs as, the "
    .. "last enabled global administrator and Account Admins of Xpanse are left alone unless the parameters say "
    .. "otherwise, and count as not done. Roles that come from groups in Xpanse stay, for no operation takes them: "
    .. "they are named under by_hand. Where every second counts, run it with --yes, which shows no plan first.",
  params = {
    emails             = { type = "array", doc = "the addresses, such as ada@example.com,bob@example.com" },
    list               = {
      type = "file",
      doc = "a CSV file with the column email, instead of emails or besides; other columns are not read",
    },
    runs_as            = {
      type = "string",
      doc = "the login of the console account that this runs as, for the console does not say: without it no enabled "
        .. "global administrator is locked out",
    },
    own_account        = {
      type = "boolean", default = false,
      doc = "lock out the account that this runs as too, after all others; its seed cannot be renewed then",
    },
    last_administrator = {
      type = "boolean", default = false,
      doc = "leave no enabled global administrator on the console if all of them are on the list",
    },
    account_admins     = {
      type = "boolean", default = false,
      doc = "also take the role Account Admin in Xpanse, which the API cannot give back",
    },
    renew_disabled     = {
      type = "boolean", default = false,
      doc = "renew the seeds also of accounts that are disabled already: whether that was done cannot be seen",
    },
    xpanse             = {
      type = "boolean", default = true,
      doc = "false where there is no Xpanse: xpanse:read and xpanse:role can be withheld then",
    },
  },
  needs  = { "users:read", "users:update", "users:access", "twofa:read", "twofa:write", "xpanse:read", "xpanse:role" },
  limits = { changes = 2000, time = "30m" },
}

-- The addresses, each once: all of them are looked at before anything is done.

local addresses, known, faults = {}, {}, {}

local function add(text, place)
  local address = type(text) == "string" and text:match("^%s*([^@%s]+@[^@%s]+)%s*$")
  if not address then
    faults[#faults + 1] = place .. ": '" .. tostring(text) .. "' is no email address"
  elseif not known[address:lower()] then
    addresses[#addresses + 1] = address:lower()
    known[address:lower()] = true
  end
end

for index, email in ipairs(params.emails or {}) do add(email, "emails, number " .. index) end
if params.list then
  local ok, rows, lines = pcall(csv.decode, params.list.text, { columns = { "email" } })
  if not ok then error(("nobody was locked out: %s: %s"):format(params.list.name, rows.message), 0) end
  for index, row in ipairs(rows) do add(row.email, params.list.name .. ", line " .. lines[index]) end
end
if #faults > 0 then error("nobody was locked out: " .. table.concat(faults, "; "), 0) end
if #addresses == 0 then
  error("nobody is to be locked out: give addresses with --param emails=… or --param list=FILE", 0)
end
table.sort(addresses)

-- What becomes of it.

local done, skipped, not_done, by_hand = {}, {}, {}, {}

local function skip(email, reason)
  log.info("skipped", { email = email, reason = reason })
  skipped[#skipped + 1] = { email = email, reason = reason }
end

local function leave(email, step, reason)
  log.error("not done", { email = email, step = step, reason = reason })
  not_done[#not_done + 1] = { email = email, step = step, reason = reason }
end

-- Does a step; one that fails does not keep the next from being done.
local function attempt(email, step, work, ...)
  local ok, failure = pcall(work, ...)
  if not ok then return leave(email, step, tostring(failure)) end
  log.info("done", { email = email, step = step })
  done[#done + 1] = { email = email, step = step }
end

-- Both systems, as they are: one that does not answer is listed, and the other is done.

local accounts, administrators, members = {}, {}, {}

local function note(kind, email, user)
  local address = email and email:lower()
  if not known[address or ""] then return end
  kind[address] = kind[address] or {}
  table.insert(kind[address], user)
end

local function read(system, work)
  local ok, failure = pcall(work)
  if not ok then leave("everybody", system, "the users cannot be read: " .. tostring(failure)) end
  return ok
end

local has_console = read("console", function()
  for user in users.each() do
    note(accounts, user.email, user)
    local role = user.role or {}
    if (role.id == "global-admin" or role.superuser) and user.enabled ~= false and not user.locked then
      administrators[#administrators + 1] = user.login
      administrators[user.login] = true
    end
  end
end)
local has_xpanse = not params.xpanse or read("xpanse", function()
  for _, user in ipairs(xpanse.users()) do note(members, user.user_email, user) end
end)

-- Only a global administrator can run this, so who is none is not the account that it runs as.
local own = params.runs_as or has_console and #administrators == 1 and administrators[1] or nil
if has_console and own and not administrators[own] then
  error("nobody was locked out: no enabled global administrator has the login " .. own .. ": give the login that "
    .. "this runs as with --param runs_as=…; there are: " .. table.concat(administrators, ", "), 0)
end
local last = own -- the one who is left if all the others are locked out
for _, login in ipairs(administrators) do
  local is_listed = false
  for _, list in pairs(accounts) do
    for _, user in ipairs(list) do is_listed = is_listed or user.login == login end
  end
  if not is_listed then last = nil end
end

-- Why an account is left alone; nil if it is not.
local function protection(user)
  if not administrators[user.login] then return nil end
  if not own then return "it may be the account that this runs as: give runs_as=LOGIN" end
  if user.login ~= own then return nil end
  if not params.own_account then return "this runs as it: give own_account=true to lock it out too" end
  if user.login == last and not params.last_administrator then
    return "it is the last enabled global administrator: give last_administrator=true to lock it out too"
  end
end

local own_at_last -- the own account, which nothing can be done with after it is disabled

local function lock_account(address, user)
  local step, reason = "console: disable " .. user.login, protection(user)
  if reason then return leave(address, step, reason) end
  if user.login == own then
    own_at_last = { address = address, user = user }
    return
  end
  if user.enabled == false then
    skip(address, "console: " .. user.login .. " is disabled already"
      .. (params.renew_disabled and "" or ", and its two-factor seed was left alone"))
  else
    attempt(address, step, users.disable, user.id)
  end
  if user.enabled == false and not params.renew_disabled then return end
  local read, seed = pcall(twofa.key, user.id)
  if not read then
    leave(address, "console: renew the seed of " .. user.login, tostring(seed))
  elseif seed ~= nil then
    -- The new seed goes to nobody: nobody is to log in with the old one.
    attempt(address, "console: renew the seed of " .. user.login, twofa.regenerate, user.id)
  end
end

-- Who of these still has a role in Xpanse.
local function with_role(emails)
  local wanted, found = {}, {}
  for _, email in ipairs(emails) do wanted[email] = true end
  for _, user in ipairs(xpanse.users()) do
    if wanted[user.user_email or ""] and (user.role_name or "") ~= "" then found[#found + 1] = user.user_email end
  end
  return found
end

local function lock_members(address, list)
  local emails = {} -- the spellings of the address that have a role
  for _, user in ipairs(list) do
    local role = user.role_name or ""
    if role == "" then
      skip(address, "xpanse: has no role")
    elseif role == "Account Admin" and not params.account_admins then
      leave(address, "xpanse: take the role of " .. user.user_email,
        "it is Account Admin, which the API cannot give back: give account_admins=true to take it all the same")
    else
      emails[#emails + 1] = user.user_email
    end
    for _, group in ipairs(user.groups or {}) do
      log.warn("still in a group of Xpanse, whose roles stay", { email = address, group = group })
      by_hand[#by_hand + 1] = {
        email = address, step = ("take %s out of the Xpanse group %s"):format(user.user_email, group),
      }
    end
  end
  if #emails == 0 then return end
  attempt(address, "xpanse: take the role of " .. table.concat(emails, " and "), function()
    if xpanse.remove_role(emails) == #emails then return end
    -- Fewer have changed if the role was gone already, as when the answer to this very call was lost before.
    local left = with_role(emails)
    if #left > 0 then error("Xpanse did not refuse, and these still have a role: " .. table.concat(left, ", "), 0) end
  end)
end

parallel(addresses, 8, function(address)
  local console_users, xpanse_users = accounts[address] or {}, members[address] or {}
  for _, user in ipairs(console_users) do lock_account(address, user) end
  lock_members(address, xpanse_users)
  if #console_users + #xpanse_users == 0 and has_console and has_xpanse then
    leave(address, "find the person", "nobody has this address: is it spelt right?")
  end
end)
if own_at_last then
  attempt(own_at_last.address, "console: disable " .. own, users.disable, own_at_last.user.id)
end

local function by_email(a, b) return a.email < b.email end
for _, list in ipairs { done, skipped, not_done, by_hand } do table.sort(list, by_email) end
local result = {
  done = json.array(done), skipped = json.array(skipped), by_hand = json.array(by_hand),
  totals = { addresses = #addresses, done = #done, skipped = #skipped, by_hand = #by_hand },
}
if #not_done > 0 then
  local texts = {}
  for index, item in ipairs(not_done) do
    texts[index] = ("%s: %s (%s)"):format(item.email, item.step, item.reason)
  end
  -- What was done is handed over by the error as well.
  result.not_done = json.array(not_done)
  result.message = ("not everybody is locked out: %d of %d steps are not done: %s"):format(
    #not_done, #not_done + #done, table.concat(texts, "; "))
  error(result, 0)
end
return result
