local people = {
  { id = 7, login = "ada", role = "site-admin", locked = true, sites = { 1, 3 }, asset_groups = { 2 } },
  { id = 8, login = "bob", role = "user", locked = true, enabled = false, source = "ldap", email = null },
  { id = 9, login = "eve", role = "user" },
}
local ada = {
  id = 7, login = "ada", name = "ada", email = "ada@example.com", enabled = true, source = "normal",
  role = "site-admin", superuser = false, sites = { 1, 3 }, asset_groups = { 2 }, can_unlock = true,
}
local bob = {
  id = 8, login = "bob", name = "bob", enabled = false, source = "ldap",
  role = "user", superuser = false, sites = {}, asset_groups = {}, can_unlock = false,
}
local both = {
  locked = 2, disabled = 1, by_role = { { role = "site-admin", locked = 1 }, { role = "user", locked = 1 } },
}

test "reports who is locked, and changes nothing" {
  given   = { users = people },
  changes = {},
  result  = { users = { ada, bob }, totals = both, unlocked = {}, skipped = {} },
}

test "reports one role" {
  given   = { users = people },
  params  = { role = "user" },
  changes = {},
  result  = {
    users = { bob }, totals = { locked = 1, disabled = 1, by_role = { { role = "user", locked = 1 } } },
    unlocked = {}, skipped = {},
  },
}

test "warns when nobody has the role, which may be misspelt" {
  given      = { users = people },
  params     = { role = "site_admin" },
  result_has = { users = {} },
  log        = { "no user has this role" },
}

test "counts the locked users of each role" {
  given = {
    users = {
      { login = "a", role = "user", locked = true }, { login = "b", role = "user", locked = true },
      { login = "c", role = "site-admin", locked = true },
    },
  },
  result_has = {
    totals = {
      locked = 3, disabled = 0, by_role = { { role = "site-admin", locked = 1 }, { role = "user", locked = 2 } },
    },
  },
}

test "reports that nobody is locked" {
  given   = { users = { { login = "eve" } } },
  changes = {},
  result  = { users = {}, totals = { locked = 0, disabled = 0, by_role = {} }, unlocked = {}, skipped = {} },
}

test "says all instead of a list of everything" {
  given      = { users = { { id = 7, login = "zoe", role = "global-admin", locked = true, source = "admin" } } },
  result_has = { users = { { login = "zoe", sites = "all", asset_groups = "all", superuser = true } } },
}

test "unlocks the one who is chosen" {
  given   = { users = people },
  params  = { unlock = "ada" },
  changes = { { "users.unlock", 7 } },
  result  = { users = { ada, bob }, totals = both, unlocked = { { id = 7, login = "ada" } }, skipped = {} },
  after   = { users = { ada = { locked = false }, bob = { locked = true } } },
}

test "unlocks also whom the report leaves out" {
  given      = { users = people },
  params     = { role = "user", unlock = "ada" },
  changes    = { { "users.unlock", 7 } },
  result_has = { totals = { locked = 1 }, unlocked = { { login = "ada" } } },
}

test "skips one who has been unlocked meanwhile" {
  given      = { users = people },
  params     = { unlock = "eve" },
  changes    = {},
  result_has = { unlocked = {}, skipped = { { id = 9, login = "eve", reason = "not locked" } } },
}

test "does not unlock a disabled account" {
  given   = { users = people },
  params  = { unlock = "bob" },
  status  = "failed",
  error   = "unlock bob: the account is disabled",
  changes = {},
}

test "does not guess whom a misspelt login means" {
  given   = { users = people },
  params  = { unlock = "Ada" },
  status  = "failed",
  error   = "unlock Ada: there is no user with this login",
  changes = {},
}

test "fails when the console refuses to unlock" {
  given   = { users = people },
  params  = { unlock = "ada" },
  refuse  = { { "users.unlock", 7, status = 401 } },
  status  = "failed",
  error   = "users.unlock: unauthorized (401)",
  changes = {},
  after   = { users = { ada = { locked = true } } },
}

test "reports from all pages of users" {
  given  = { simulated = { users = 600, locked_in_role = { ["tier-1-support"] = 40 } } },
  params = { role = "tier-1-support" },
  check  = function(run) assert(run.result.totals.locked == 40 and #run.result.users == 40) end,
}
