local day = 86400000
local NOW, now = "2026-04-01T00:00:00Z", 1775001600000

local given = {
  users  = {
    {
      id = 2, login = "ada", name = "=Ada, the \"first\"", role = "site-admin", email = "Ada@example.com",
      sites = { 1, 3 },
    },
    { id = 3, login = "bob", role = "user", enabled = false, locked = true, all_asset_groups = true },
    { id = 4, login = "svc", role = "user", email = null },
    { id = 5, login = "ada2", role = "user", email = "ada@example.com" },
    { id = 6, login = "dot", role = "user" },
  },
  xpanse = {
    users = {
      { email = "ADA@example.com", role = "Viewer", groups = { "Night Shift" }, last_login = now - 10 * day },
      { email = "bob@example.com", role = "Instance Administrator", last_login = now - 100 * day },
      { email = "kim@partner.example", first_name = "Kim", last_name = "Contractor", role = "Responder" },
    },
  },
}

-- The entry of a login, or of an address that only Xpanse knows.
local function find(run, key)
  for _, person in ipairs(run.result.people) do
    if person.login == key or person.login == nil and person.email == key then return person end
  end
  error("nobody is called " .. key)
end

local function is(found, wanted)
  local left, right = json.encode(found), json.encode(wanted)
  assert(left == right, left .. " is not " .. right)
end

test "tells of everybody what both systems say, and what wants a look" {
  given   = given,
  now     = NOW,
  changes = {},
  result_has = { made = NOW, totals = { people = 7, with_findings = 7, console_administrators = 1 } },
  check   = function(run)
    is(find(run, "ada"), {
      email = "ada@example.com", name = "=Ada, the \"first\"", id = 2, login = "ada", enabled = true, locked = false,
      source = "normal", role = "site-admin", superuser = false, sites = { 1, 3 }, asset_groups = json.array {},
      xpanse_role = "Viewer", xpanse_groups = { "Night Shift" }, xpanse_last_login = "2026-03-22T00:00:00Z",
      findings = { "another console user has the address" },
    })
    is(find(run, "bob").findings, {
      "disabled on the console, with a role or groups in Xpanse", "locked on the console", "administrator in Xpanse",
      "not logged in to Xpanse for 100 days",
    })
    is(find(run, "bob").asset_groups, "all")
    is(find(run, "svc").findings, { "no address: cannot be looked up in Xpanse" })
    is(find(run, "dot").findings, { "only on the console" })
    is(find(run, "kim@partner.example").findings, { "only in Xpanse", "never logged in to Xpanse" })
    is(find(run, "kim@partner.example").name, "Kim Contractor")
    is(find(run, "kim@partner.example").enabled, nil)
    is(run.result.people[#run.result.people].login, "svc")
  end,
}

test "writes a table that a spreadsheet takes for no formula" {
  given   = given,
  params  = { format = "csv", role = "site-admin" },
  now     = NOW,
  changes = {},
  result  = "email,name,id,login,enabled,locked,source,role,superuser,sites,asset_groups,xpanse_role,"
    .. "xpanse_groups,xpanse_last_login,findings,decision\n"
    .. "ada@example.com,\"'=Ada, the \"\"first\"\"\",2,ada,true,false,normal,site-admin,false,1;3,,Viewer,Night Shift,"
    .. "2026-03-22T00:00:00Z,another console user has the address,\n",
}

test "leaves sites and asset groups out if it is told to" {
  given  = given,
  params = { access = false },
  now    = NOW,
  check  = function(run)
    is(find(run, "ada").sites, nil)
  end,
}

test "counts the days of somebody who is not in Xpanse any more by what it is told" {
  given  = given,
  params = { unused_days = 9 },
  now    = NOW,
  check  = function(run)
    is(find(run, "ada").findings, { "another console user has the address", "not logged in to Xpanse for 10 days" })
  end,
}

local doubles = {
  users  = { { id = 2, login = "ada", role = "site-admin", enabled = false } },
  xpanse = {
    users = {
      { email = "ada@example.com" },
      { email = "Ada@example.com", role = "Instance Administrator", last_login = now },
      { email = "kim@partner.example", role = "Viewer", last_login = now }, { email = "Kim@partner.example" },
    },
  },
}

test "shows each of two users of Xpanse who have an address" {
  given      = doubles,
  params     = { access = false },
  now        = NOW,
  result_has = { totals = { people = 5 } },
  check      = function(run)
    is(find(run, "ada").findings, { "2 Xpanse users have the address" })
    is(find(run, "kim@partner.example").findings, { "only in Xpanse", "2 Xpanse users have the address" })
    local second = find(run, "ada@example.com")
    is(second.xpanse_role, "Instance Administrator")
    is(second.findings, {
      "2 Xpanse users have the address", "disabled on the console, with a role or groups in Xpanse",
      "administrator in Xpanse",
    })
  end,
}

test "shows both users of Xpanse also in the review of a role" {
  given      = doubles,
  params     = { role = "site-admin", access = false },
  now        = NOW,
  result_has = { totals = { people = 2 } },
  check      = function(run) is(find(run, "ada@example.com").xpanse_role, "Instance Administrator") end,
}

test "says so when nobody has the role, as when its id is misspelt" {
  given      = given,
  params     = { role = "site admin" },
  result_has = { totals = { people = 0 } },
  log        = { "no user has this role: is it the id of a role, as roles.list() shows it? role=site admin" },
}

test "has next to nothing to tell of an empty console" {
  given   = { users = {} },
  params  = { role = "user" },
  now     = NOW,
  changes = {},
  result  = { made = NOW, people = {}, totals = { people = 0, with_findings = 0, console_administrators = 0 } },
}

test "fails when Xpanse cannot be read: half a review is none" {
  given   = given,
  refuse  = { { "xpanse.users", status = 401 } },
  status  = "failed",
  error   = "xpanse.users: unauthorized (401)",
  changes = {},
}

test "fails when the access of one cannot be read" {
  given   = given,
  refuse  = { { "users.sites", 2, status = 404 } },
  status  = "failed",
  error   = "users.sites: not_found (404)",
  changes = {},
}

test "knows no other form" {
  given   = given,
  params  = { format = "xlsx" },
  status  = "failed",
  error   = "must be one of json, csv",
  changes = {},
}

test "takes whatever the simulated systems hold" {
  given   = { simulated = { users = 700, seed = 3 } },
  params  = { access = false },
  changes = {},
  check   = function(run) assert(#run.result.people >= 700) end,
}
