local people = {
  { id = 2, login = "ada", email = "Ada@partner.example", sites = { 1, 2 } },
  { id = 3, login = "bob", email = "bob@partner.example" },
  { id = 4, login = "cyd", email = "cyd@partner.example" },
  { id = 5, login = "eve", email = null },
}
local members = {
  { email = "ada@partner.example", role = "Viewer" },
  { email = "bob@partner.example", role = "Responder" },
  { email = "cyd@partner.example", role = "Viewer" },
  { email = "kim@partner.example", role = "Viewer" },
}
local both = { users = people, xpanse = { users = members } }
local function file(text)
  return { contractors = { name = "contractors.csv", text = "email,firm,end_date\n" .. text } }
end
local list = file("ADA@partner.example,A,2026-03-30\nbob@partner.example,A,2026-03-31\n\n"
  .. "cyd@partner.example,B,2026-04-01\nkim@partner.example,B, 2025-12-31 \nnobody@partner.example,B,2025-12-31\n")
local TODAY = "2026-03-31T00:00:00Z"

test "takes the access of those whose end has come, by the run's clock, from both" {
  given     = both,
  params    = list,
  now       = TODAY,
  changes   = {
    { "users.update", 2, { enabled = false } }, { "users.set_sites", 2, { 1, 2 } },
    { "users.update", 3, { enabled = false } },
    { "xpanse.remove_role", { "ada@partner.example", "bob@partner.example", "kim@partner.example" } },
  },
  unordered = true,
  result    = {
    until_and_with = "2026-03-31",
    disabled   = {
      { email = "ada@partner.example", id = 2, login = "ada" },
      { email = "bob@partner.example", id = 3, login = "bob" },
    },
    role_taken = {
      { email = "ada@partner.example" }, { email = "bob@partner.example" }, { email = "kim@partner.example" },
    },
    skipped    = { { email = "nobody@partner.example", reason = "nobody has the address" } },
    by_hand    = {},
    totals     = { contractors = 5, due = 4, disabled = 2, role_taken = 3, skipped = 1 },
  },
  after     = {
    users  = { ada = { enabled = false, sites = { 1, 2 } }, bob = { enabled = false }, cyd = { enabled = true } },
    xpanse = { ["ada@partner.example"] = { role = null }, ["cyd@partner.example"] = { role = "Viewer" } },
  },
}

test "has nothing to do a day before" {
  given   = both,
  params  = file "bob@partner.example,A,2026-03-31\n",
  now     = "2026-03-30T23:59:59Z",
  changes = {},
  result_has = { until_and_with = "2026-03-30", totals = { contractors = 1, due = 0 } },
}

test "waits for the days of grace" {
  given      = both,
  params     = { contractors = list.contractors, grace_days = 1 },
  now        = TODAY,
  result_has = { until_and_with = "2026-03-30", disabled = { { login = "ada" } }, totals = { disabled = 1 } },
  after      = { users = { bob = { enabled = true } } },
}

test "has nothing to do for an empty list" {
  given   = both,
  params  = file "",
  changes = {},
  result_has = { totals = { contractors = 0, due = 0 } },
}

test "skips what was done by hand or by an earlier run" {
  given      = {
    users  = { { id = 2, login = "ada", email = "ada@partner.example", enabled = false }, people[2] },
    xpanse = { users = { members[1], { email = "bob@partner.example" } } },
  },
  params     = list,
  now        = TODAY,
  changes    = { { "users.update", 3, { enabled = false } }, { "xpanse.remove_role", { "ada@partner.example" } } },
  result_has = {
    disabled = { { email = "bob@partner.example", id = 3, login = "bob" } },
    role_taken = { { email = "ada@partner.example" } },
    skipped  = {
      { email = "ada@partner.example", id = 2, login = "ada", reason = "console: disabled already" },
      { email = "bob@partner.example", reason = "xpanse: has no role" },
      { email = "kim@partner.example", reason = "nobody has the address" },
      { email = "nobody@partner.example", reason = "nobody has the address" },
    },
  },
}

test "sends Xpanse each by itself when it refuses them together" {
  given     = both,
  params    = list,
  now       = TODAY,
  refuse    = {
    { "xpanse.remove_role", { "ada@partner.example", "bob@partner.example", "kim@partner.example" }, status = 500 },
  },
  changes   = {
    { "users.update", 2 }, { "users.set_sites", 2 }, { "users.update", 3 },
    { "xpanse.remove_role", { "ada@partner.example" } }, { "xpanse.remove_role", { "bob@partner.example" } },
    { "xpanse.remove_role", { "kim@partner.example" } },
  },
  unordered = true,
  result_has = { totals = { role_taken = 3 } },
  log       = { "refused for all together, so each by itself" },
  plan      = "a plan lists the call for all together, and no other",
}

test "names the one that Xpanse refuses by itself too" {
  given     = both,
  params    = list,
  now       = TODAY,
  refuse    = {
    { "xpanse.remove_role", { "ada@partner.example", "bob@partner.example", "kim@partner.example" }, status = 500 },
    { "xpanse.remove_role", { "kim@partner.example" }, status = 500, message = "User 'kim' was not found" },
  },
  status    = "failed",
  error     = "again: kim@partner.example: xpanse: take the role (xpanse.remove_role: unavailable (500)",
  after     = { xpanse = { ["ada@partner.example"] = { role = null }, ["kim@partner.example"] = { role = "Viewer" } } },
  plan      = "a plan lists the call for all together, and no other",
}

test "carries on when Xpanse refuses, and lists what is not done" {
  given     = both,
  params    = list,
  now       = TODAY,
  refuse    = { { "xpanse.remove_role", status = 403 } },
  status    = "failed",
  error     = "ada@partner.example: xpanse: take the role (xpanse.remove_role: forbidden (403)",
  changes   = { { "users.update", 2 }, { "users.set_sites", 2 }, { "users.update", 3 } },
  unordered = true,
}

test "carries on when the console cannot be read" {
  given   = both,
  params  = list,
  now     = TODAY,
  refuse  = { { "users.page", status = 401 } },
  status  = "failed",
  error   = "everybody: console (the users cannot be read: users.page: unauthorized (401)",
  changes = { { "xpanse.remove_role", { "ada@partner.example", "bob@partner.example", "kim@partner.example" } } },
}

test "carries on with the others when one is refused" {
  given     = both,
  params    = list,
  now       = TODAY,
  refuse    = { { "users.update", 2, status = 400, message = "Not now." } },
  status    = "failed",
  error     = "not everything is done; what is done is skipped when it is run again: "
    .. "ada@partner.example: console: disable ada (users.update: bad_request (400)",
  changes   = { { "users.update", 3 }, { "xpanse.remove_role" } },
  unordered = true,
}

test "leaves administrators alone, and says so" {
  given   = {
    users  = { { id = 2, login = "ada", email = "ada@partner.example", role = "global-admin", source = "admin" } },
    xpanse = { users = { { email = "kim@partner.example", role = "Account Admin" } } },
  },
  params  = list,
  now     = TODAY,
  status  = "failed",
  error   = "ada@partner.example: console: disable ada (it is a global administrator: offboard-leaver does that); "
    .. "kim@partner.example: xpanse: take the role (it is Account Admin",
  changes = {},
}

test "names the groups in Xpanse, from which nobody is taken" {
  given      = { users = {}, xpanse = { users = { { email = "kim@partner.example", groups = { "Night Shift" } } } } },
  params     = list,
  now        = TODAY,
  changes    = {},
  result_has = {
    by_hand = {
      { email = "kim@partner.example", step = "take kim@partner.example out of the Xpanse group Night Shift" },
    },
  },
}

test "leaves Xpanse out where there is none" {
  given   = { users = people },
  target  = "console",
  params  = { contractors = list.contractors, xpanse = false },
  now     = TODAY,
  changes = { { "users.update", 2 }, { "users.set_sites", 2 }, { "users.update", 3 } },
  unordered = true,
}

test "stops when two have an address" {
  given   = {
    users = { people[1], { id = 6, login = "ada2", email = "ada@partner.example" } }, xpanse = { users = members },
  },
  params  = list,
  now     = TODAY,
  status  = "failed",
  error   = "nothing was changed, for it cannot be told whose the access is: ada@partner.example (two console users)",
  changes = {},
}

test "takes one who is listed twice once" {
  given   = both,
  params  = file "bob@partner.example,A,2026-03-01\nBob@partner.example,B,2026-03-01\n",
  now     = TODAY,
  changes = { { "users.update", 3 }, { "xpanse.remove_role", { "bob@partner.example" } } },
}

test "sends a long list in parts" {
  given   = (function()
    local many = {}
    for number = 1, 101 do many[number] = { email = ("c%03d@partner.example"):format(number), role = "Viewer" } end
    return { users = {}, xpanse = { users = many } }
  end)(),
  params  = (function()
    local rows = {}
    for number = 1, 101 do rows[number] = ("c%03d@partner.example,A,2026-01-01\n"):format(number) end
    return file(table.concat(rows))
  end)(),
  now     = TODAY,
  changes = { { "xpanse.remove_role" }, { "xpanse.remove_role", { "c101@partner.example" } } },
  result_has = { totals = { role_taken = 101 } },
  log     = { "took roles in Xpanse changed=100 sent=100" },
}

local faults = {
  {
    "days that do not exist", "ada@partner.example,A,2026-02-30\n",
    "line 2: '2026-02-30' is no date such as 2026-03-31",
  },
  { "dates of another form", "ada@partner.example,A,31.03.2026\n", "line 2: '31.03.2026' is no date" },
  { "missing dates", "\nada@partner.example,A,\n", "line 3: '' is no date" },
  { "what is no address", "\"A, B\",A,2026-01-01\n", "line 2: 'A, B' is no email address" },
  { "one with two dates", "ada@partner.example,A,2026-01-01\nADA@partner.example,A,2026-01-02\n",
    "line 3: ada@partner.example has another end date in line 2" },
  {
    "a row with too few cells", "ada@partner.example,2026-01-01\n",
    "nothing was changed: contractors.csv: line 2 has 2 cells, and the header has 3",
  },
  {
    "a quote that is never closed", "\"ada@partner.example,A,2026-01-01\n",
    "nothing was changed: contractors.csv: line 2: the quote that begins a cell here is never closed",
  },
}
for _, fault in ipairs(faults) do
  test("names the line of " .. fault[1]) {
    given   = both,
    params  = file(fault[2]),
    now     = TODAY,
    status  = "failed",
    error   = fault[3],
    changes = {},
  }
end

test "changes nothing for the good lines of a file with a fault" {
  given   = both,
  params  = file "bob@partner.example,A,2026-01-01\nada,A,2026-01-01\n",
  now     = TODAY,
  status  = "failed",
  error   = "nothing was changed, for contractors.csv has faults: line 3: 'ada' is no email address",
  changes = {},
}

test "needs both columns" {
  given   = both,
  params  = { contractors = { name = "contractors.csv", text = "email;end\n" } },
  status  = "failed",
  error   = "the columns are missing: email, end_date",
  changes = {},
}

test "refuses days of grace before the end" {
  given   = both,
  params  = { contractors = list.contractors, grace_days = -1 },
  status  = "failed",
  error   = "grace_days must be 0 or more",
  changes = {},
}
