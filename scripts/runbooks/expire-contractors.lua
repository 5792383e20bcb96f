runbook {
  title  = "Take the access of contractors whose end has come",
  doc    = "Reads a CSV file with the columns email and end_date (2026-03-31), and for everybody whose end date is "
    .. "today or earlier by the run's clock (UTC) disables the console account and takes the role in Xpanse, in "
    .. "bulk. The whole file is checked before anything is changed. How many users Xpanse says it has changed is "
    .. "compared with how many it was sent, and those who still have a role are named. Global administrators and "
    .. "Account Admins are no contractors: they are left alone and count as not done. When one side fails the other "
    .. "is still done; the run then fails and lists what is not done.",
  params = {
    contractors = { type = "file", required = true, doc = "the CSV file; other columns are not read" },
    grace_days  = {
      type = "integer", default = 0,
      doc = "so many days longer: with 1 the end date is the last day with access",
    },
    xpanse      = {
      type = "boolean", default = true,
      doc = "false where there is no Xpanse: xpanse:read and xpanse:role can be withheld then",
    },
  },
  needs  = { "users:read", "users:update", "users:access", "xpanse:read", "xpanse:role" },
  limits = { changes = 5000, time = "1h" },
}

local BATCH = 100 -- the most emails for one call; Xpanse does not say how many it takes
-- The statuses with which Xpanse refuses a call for what is in it; 500 is one of them.
local IS_ABOUT_NAMES = { [400] = true, [404] = true, [422] = true, [500] = true }

-- The file, and whose end has come.

-- A day as text that compares like the day; nil if there is no such day.
local function day(text)
  local year, month, number = text:match("^%s*(%d%d%d%d)%-(%d%d)%-(%d%d)%s*$")
  if not year then return nil end
  local written = year .. "-" .. month .. "-" .. number
  -- os.time carries the 31st of February over to March.
  local date = { year = math.tointeger(year), month = math.tointeger(month), day = math.tointeger(number), hour = 12 }
  return os.date("!%Y-%m-%d", os.time(date)) == written and written or nil
end

if params.grace_days < 0 then error("grace_days must be 0 or more, not " .. params.grace_days, 0) end
local last_end = os.date("!%Y-%m-%d", os.time() - params.grace_days * 86400)

local is_read, rows, lines = pcall(csv.decode, params.contractors.text, { columns = { "email", "end_date" } })
if not is_read then error(("nothing was changed: %s: %s"):format(params.contractors.name, rows.message), 0) end
local ends, places, due, faults = {}, {}, {}, {}
for index, row in ipairs(rows) do
  local address, date = row.email:match("^%s*([^@%s]+@[^@%s]+)%s*$"), day(row.end_date)
  local function fault(...) faults[#faults + 1] = "line " .. lines[index] .. ": " .. string.format(...) end
  if not address then fault("'%s' is no email address", row.email) end
  if not date then fault("'%s' is no date such as 2026-03-31", row.end_date) end
  address = address and address:lower()
  if address and date then
    if not ends[address] then
      ends[address], places[address] = date, lines[index]
      if date <= last_end then due[#due + 1] = address end
    elseif ends[address] ~= date then
      fault("%s has another end date in line %d", address, places[address])
    end
  end
end
if #faults > 0 then
  error("nothing was changed, for " .. params.contractors.name .. " has faults: " .. table.concat(faults, "; "), 0)
end
table.sort(due)
local is_due = {}
for _, address in ipairs(due) do is_due[address] = true end
local listed = 0
for _ in pairs(ends) do listed = listed + 1 end
log.info("read the file", {
  file = params.contractors.name, contractors = listed, due = #due, until_and_with = last_end,
})

-- What becomes of them.

local disabled, role_taken, skipped, not_done, by_hand = {}, {}, {}, {}, {}

local function skip(email, reason, user)
  log.info("skipped", { email = email, login = user and user.login, reason = reason })
  skipped[#skipped + 1] = { email = email, id = user and user.id, login = user and user.login, reason = reason }
end

local function leave(email, step, reason)
  log.error("not done", { email = email, step = step, reason = reason })
  not_done[#not_done + 1] = { email = email, step = step, reason = reason }
end

-- Both systems as they are; one that does not answer is listed, and the other is done.

local function read(system, work)
  local ok, failure = pcall(work)
  if not ok then leave("everybody", system, "the users cannot be read: " .. tostring(failure)) end
  return ok
end

local accounts, members, doubled = {}, {}, {}

local function note(kind, name, email, user)
  local address = email and email:lower()
  if not is_due[address or ""] then return end
  if kind[address] then doubled[#doubled + 1] = address .. " (two " .. name .. " users)" end
  kind[address] = user
end

local has_console, has_xpanse = false, false
if #due > 0 then
  has_console = read("console", function()
    for user in users.each() do note(accounts, "console", user.email, user) end
  end)
  has_xpanse = params.xpanse and read("xpanse", function()
    for _, user in ipairs(xpanse.users()) do note(members, "Xpanse", user.user_email, user) end
  end)
end
if #doubled > 0 then
  error("nothing was changed, for it cannot be told whose the access is: " .. table.concat(doubled, "; ")
    .. ": settle that first", 0)
end

-- The console, several at once.

parallel(due, 8, function(address)
  local user = accounts[address]
  if not user then
    local is_sure = has_console and (has_xpanse or not params.xpanse)
    if is_sure and not members[address] then skip(address, "nobody has the address") end
    return
  end
  local role = user.role or {}
  if user.enabled == false then
    skip(address, "console: disabled already", user)
  elseif role.id == "global-admin" or role.superuser then
    leave(address, "console: disable " .. user.login, "it is a global administrator: offboard-leaver does that")
  else
    local ok, failure = pcall(users.disable, user.id)
    if not ok then return leave(address, "console: disable " .. user.login, tostring(failure)) end
    log.info("disabled", { email = address, login = user.login, end_date = ends[address] })
    disabled[#disabled + 1] = { email = address, id = user.id, login = user.login }
  end
end)

-- Xpanse, in bulk.

local wanted = {}
for _, address in ipairs(due) do
  local member = members[address]
  local role = member and member.role_name or ""
  if member and role == "" then
    skip(address, "xpanse: has no role")
  elseif role == "Account Admin" then
    leave(address, "xpanse: take the role",
      "it is Account Admin, which the API cannot give back: offboard-leaver with account_admins=true does that")
  elseif member then
    wanted[#wanted + 1] = address
  end
  for _, group in ipairs(member and member.groups or {}) do
    log.warn("still in a group of Xpanse, whose roles stay", { email = address, group = group })
    by_hand[#by_hand + 1] = {
      email = address, step = ("take %s out of the Xpanse group %s"):format(member.user_email, group),
    }
  end
end

-- Who of the batch still has a role, and which, by address.
local function remaining_roles(batch)
  local remaining = {}
  local ok, users_now = pcall(xpanse.users)
  if not ok then
    local reason = "unknown, for it cannot be read: " .. tostring(users_now)
    for _, address in ipairs(batch) do remaining[address] = reason end
    return remaining
  end
  for _, user in ipairs(users_now) do
    if user.user_email and (user.role_name or "") ~= "" then remaining[user.user_email:lower()] = user.role_name end
  end
  return remaining
end

local function take_roles(batch)
  local emails = {}
  for index, address in ipairs(batch) do emails[index] = members[address].user_email end
  local ok, count = pcall(xpanse.remove_role, emails)
  if not ok and #batch > 1 and IS_ABOUT_NAMES[count.status or 0] then
    -- One name that it does not know fails all of them.
    log.warn("refused for all together, so each by itself", { emails = #batch, reason = tostring(count) })
    for _, address in ipairs(batch) do take_roles { address } end
    return
  elseif not ok then
    for _, address in ipairs(batch) do leave(address, "xpanse: take the role", tostring(count)) end
    return
  end
  local still = {}
  if count == #batch then
    log.info("took roles in Xpanse", { sent = #batch, changed = count })
  else
    -- Also when their roles were gone already, as when the answer to this very call was lost before.
    log.warn("Xpanse has changed another number of users than it was sent", { sent = #batch, changed = count })
    still = remaining_roles(batch)
  end
  for _, address in ipairs(batch) do
    if still[address] then
      leave(address, "xpanse: take the role", "Xpanse did not refuse, and the role is now " .. still[address])
    else
      role_taken[#role_taken + 1] = { email = address }
    end
  end
end

for first = 1, #wanted, BATCH do
  take_roles(table.move(wanted, first, math.min(first + BATCH - 1, #wanted), 1, {}))
end

local function by_email(a, b) return a.email < b.email end
for _, list in ipairs { disabled, role_taken, skipped, not_done } do table.sort(list, by_email) end
local result = {
  until_and_with = last_end,
  disabled = json.array(disabled), role_taken = json.array(role_taken), skipped = json.array(skipped),
  by_hand = json.array(by_hand),
  totals = { contractors = listed, due = #due, disabled = #disabled, role_taken = #role_taken, skipped = #skipped },
}
if #not_done > 0 then
  local texts = {}
  for index, item in ipairs(not_done) do
    texts[index] = ("%s: %s (%s)"):format(item.email, item.step, item.reason)
  end
  -- What was done is handed over by the error as well.
  result.not_done = json.array(not_done)
  result.message = "not everything is done; what is done is skipped when it is run again: " .. table.concat(texts, "; ")
  error(result, 0)
end
return result
