local ada = {
  id = 7, login = "ada", role = "tier-1-support", email = "Ada@example.com", sites = { 1, 3 }, asset_groups = { 2 },
}
local both = { users = { ada }, xpanse = { users = { { email = "ada@example.com", role = "Viewer" } } } }
local move = { email = "ada@example.com", role = "security-manager", xpanse_role = "Security Admin" }
local function with(changes)
  local params = {}
  for key, value in pairs(move) do params[key] = value end
  for key, value in pairs(changes) do params[key] = value end
  return params
end

test "gives both new roles and keeps the access" {
  given   = both,
  params  = move,
  changes = {
    { "users.update", 7, { role = { id = "security-manager" }, email = "Ada@example.com", enabled = true } },
    { "users.set_sites", 7, { 1, 3 } },
    { "users.set_asset_groups", 7, { 2 } },
    { "xpanse.set_role", { "ada@example.com" }, "Security Admin" },
  },
  result  = {
    email = "ada@example.com", id = 7, login = "ada", skipped = {}, by_hand = {},
    console = {
      changed = true,
      before  = { role = "tier-1-support", all_sites = false, all_asset_groups = false },
      after   = { role = "security-manager", all_sites = false, all_asset_groups = false },
    },
    xpanse = { changed = true, before = "Viewer", after = "Security Admin" },
  },
  after   = {
    users  = { ada = { role = "security-manager", sites = { 1, 3 }, asset_groups = { 2 } } },
    xpanse = { ["ada@example.com"] = { role = "Security Admin" } },
  },
}

test "takes the access if it is told to" {
  given   = both,
  params  = with { keep_access = false },
  changes = {
    { "users.update", 7 }, { "users.remove_all_sites", 7 }, { "users.remove_all_asset_groups", 7 },
    { "xpanse.set_role" },
  },
  after   = { users = { ada = { role = "security-manager", sites = {}, asset_groups = {} } } },
}

test "takes access to everything if it is told to" {
  given  = {
    users  = { { id = 7, login = "ada", all_sites = true, all_asset_groups = true } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params = with { keep_access = false },
  after  = { users = { ada = { role = "security-manager", all_sites = false, sites = {}, asset_groups = {} } } },
}

test "has nothing to do for whom has both already" {
  given   = {
    users  = { { id = 7, login = "ada", role = "security-manager", sites = { 1 } } },
    xpanse = { users = { { email = "ada@example.com", role = "Security Admin" } } },
  },
  params  = move,
  changes = {},
  result_has = {
    console = { changed = false }, xpanse = { changed = false },
    skipped = {
      { step = "console: give the role", reason = "has security-manager already" },
      { step = "xpanse: give the role", reason = "has Security Admin already" },
    },
  },
}

test "does what is missing after one role was given by hand" {
  given   = {
    users  = { { id = 7, login = "ada", role = "security-manager", sites = { 1 } } },
    xpanse = { users = { { email = "ADA@example.com", role = "Viewer" } } },
  },
  params  = move,
  changes = { { "xpanse.set_role", { "ADA@example.com" }, "Security Admin" } },
}

test "gives access to all that the new role needs if it is told to" {
  given  = both,
  params = with { role = "global-admin", widen = true },
  after  = {
    users = {
      ada = { role = "global-admin", superuser = true, all_sites = true, all_asset_groups = true, source = "admin" },
    },
  },
}

test "takes what only a global administrator has" {
  given  = {
    users  = { { id = 7, login = "zoe", role = "global-admin", source = "admin" } },
    xpanse = { users = { { email = "zoe@example.com", role = "Viewer" } } },
  },
  params = with { email = "zoe@example.com", runs_as = "admin" },
  after  = { users = { zoe = { role = "security-manager", superuser = false, source = "normal" } } },
}

test "leaves a disabled account disabled, and says so" {
  given  = {
    users  = { { id = 7, login = "ada", enabled = false } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params = move,
  log    = { "the account is disabled, and stays so" },
  after  = { users = { ada = { enabled = false, role = "security-manager" } } },
}

test "names the groups in Xpanse" {
  given      = {
    users = { ada }, xpanse = { users = { { email = "ada@example.com", groups = { "Night Shift" } } } },
  },
  params     = move,
  result_has = {
    xpanse  = { before = null, after = "Security Admin" },
    by_hand = { "look whether ada@example.com still belongs to the Xpanse group Night Shift" },
  },
}

test "says so when Xpanse refuses after the console was changed" {
  given  = both,
  params = move,
  refuse = { { "xpanse.set_role", status = 403 } },
  status = "failed",
  error  = "ada@example.com is moved on the console (security-manager) and not in Xpanse, where the role is still "
    .. "'Viewer'",
  after  = {
    users = { ada = { role = "security-manager", sites = { 1, 3 } } },
    xpanse = { ["ada@example.com"] = { role = "Viewer" } },
  },
}

test "says what is done when the console refuses in the midst" {
  given   = both,
  params  = with { keep_access = false },
  refuse  = { { "users.remove_all_asset_groups", 7, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "ada@example.com is not moved in Xpanse, where the role is still 'Viewer', and on the console not in full: "
    .. "take the asset groups: users.remove_all_asset_groups: bad_request (400)",
  changes = { { "users.update", 7 }, { "users.remove_all_sites", 7 } },
  check   = function(run)
    assert(run.error:find("(done before: give the role security-manager, take the sites)", 1, true), run.error)
  end,
}

test "changes nothing in Xpanse when the console refuses" {
  given   = both,
  params  = move,
  refuse  = { { "users.update", 7, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "the server refused the values: Not now",
  changes = {},
}

test "changes nothing when Xpanse cannot be read" {
  given   = both,
  params  = move,
  refuse  = { { "xpanse.users", status = 401 } },
  status  = "failed",
  error   = "xpanse.users: unauthorized (401)",
  changes = {},
}

local refusals = {
  {
    "a console role that is not there", { role = "security manager" },
    "nobody was moved: the console has no role 'security manager'; there are: global-admin",
  },
  { "an Xpanse role that is not there", { xpanse_role = "Boss" }, "the Xpanse role 'Boss' cannot be read" },
  { "an empty Xpanse role, which would take one", { xpanse_role = "" }, "xpanse_role is empty: name the new role" },
  { "a role of spaces", { role = " " }, "role is empty: name the new role" },
  {
    "the role that the API cannot give", { xpanse_role = "Account Admin" },
    "the API cannot give the Xpanse role Account Admin",
  },
  {
    "to widen the access", { role = "global-admin" },
    "nobody was moved: the role global-admin needs access to all sites, which ada has not: give widen=true",
  },
  {
    "an address that nobody has", { email = "aad@example.com" },
    "user has the address aad@example.com: is it spelt right?",
  },
}
for _, case in ipairs(refusals) do
  test("refuses " .. case[1]) {
    given   = both,
    params  = with(case[2]),
    status  = "failed",
    error   = case[3],
    changes = {},
  }
end

test "needs the Xpanse role" {
  given   = both,
  params  = { email = "ada@example.com", role = "user" },
  status  = "failed",
  error   = "the parameter 'xpanse_role' is missing",
  changes = {},
}

test "stops when two have the address" {
  given   = {
    users  = { ada, { id = 8, login = "ada2", email = "ada@example.com" } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params  = move,
  status  = "failed",
  error   = "nobody was moved: 2 console users have the address ada@example.com: settle that first",
  changes = {},
}

test "stops when two Xpanse users have the address" {
  given   = {
    users = { ada }, xpanse = { users = { { email = "ada@example.com" }, { email = "ADA@example.com" } } },
  },
  params  = move,
  status  = "failed",
  error   = "nobody was moved: 2 Xpanse users have the address ada@example.com: settle that first",
  changes = {},
}

test "keeps the last enabled global administrator" {
  given   = { users = { { id = 7, login = "zoe", role = "global-admin", source = "admin", enabled = false } } },
  params  = with { email = "admin@example.com" },
  status  = "failed",
  error   = "admin is the last enabled global administrator: make another one first",
  changes = {},
}

local zoe = {
  users  = { { id = 7, login = "zoe", role = "global-admin", source = "admin" } },
  xpanse = { users = { { email = "admin@example.com" }, { email = "zoe@example.com" } } },
}

test "asks for the account that it runs as before it takes the rights of a global administrator" {
  given   = zoe,
  params  = with { email = "zoe@example.com" },
  status  = "failed",
  error   = "nobody was moved: zoe is a global administrator and may be the account that this runs as",
  changes = {},
}

test "does not take the rights of the account that it runs as" {
  given   = zoe,
  params  = with { email = "admin@example.com", runs_as = "admin" },
  status  = "failed",
  error   = "nobody was moved: admin is the account that this runs as",
  changes = {},
}

test "does not believe in an account that is none" {
  given   = zoe,
  params  = with { email = "admin@example.com", runs_as = "Admin" },
  status  = "failed",
  error   = "nobody was moved: no enabled global administrator has the login Admin",
  changes = {},
}

local boss = { users = { ada }, xpanse = { users = { { email = "ada@example.com", role = "Account Admin" } } } }

test "does not take the role of an Account Admin, which nobody can give back" {
  given   = boss,
  params  = move,
  status  = "failed",
  error   = "nobody was moved: ada@example.com is Account Admin in Xpanse, which the API cannot give back",
  changes = {},
}

test "takes the role of an Account Admin if it is told to" {
  given  = boss,
  params = with { account_admins = true },
  after  = { xpanse = { ["ada@example.com"] = { role = "Security Admin" } } },
}
