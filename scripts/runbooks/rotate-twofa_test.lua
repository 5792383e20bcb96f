local SEED = "JBSWY3DPEHPK3PXP"
local people = {
  { id = 7, login = "eve", role = "site-admin", seed = SEED },
  { id = 8, login = "ada", role = "site-admin", seed = SEED, email = null },
  { id = 9, login = "bob", role = "site-admin" },
  { id = 10, login = "off", role = "site-admin", seed = SEED, enabled = false },
  { id = 11, login = "joe", role = "user", seed = SEED },
}
local AGAIN = "every run makes new seeds, that is the task: who has theirs is named in except"

test "gives every enabled user of the role who has a seed a new one" {
  given   = { users = people },
  params  = { role = "site-admin" },
  changes = { { "twofa.regenerate", 7 }, { "twofa.regenerate", 8 } },
  result  = {
    rotated = { { id = 8, login = "ada" }, { id = 7, login = "eve" } },
    skipped = {
      { id = 9, login = "bob", reason = "has no seed" }, { id = 10, login = "off", reason = "disabled" },
    },
    totals  = { rotated = 2, skipped = 2 },
  },
  after   = {
    users = {
      eve = { seed = "changed" }, ada = { seed = "changed" }, bob = { seed = "none" }, off = { seed = "same" },
      joe = { seed = "same" },
    },
  },
  again   = AGAIN,
}

test "gives one user a new seed" {
  given   = { users = people },
  params  = { login = "joe" },
  changes = { { "twofa.regenerate", 11 } },
  result  = { rotated = { { id = 11, login = "joe" } }, skipped = {}, totals = { rotated = 1, skipped = 0 } },
  after   = { users = { joe = { seed = "changed" }, eve = { seed = "same" } } },
  again   = AGAIN,
}

test "gives a disabled user a new seed who is asked for by name" {
  given  = { users = people },
  params = { login = "off" },
  result = { rotated = { { id = 10, login = "off" } }, skipped = {}, totals = { rotated = 1, skipped = 0 } },
  again  = AGAIN,
}

test "shows the new seeds if asked" {
  given  = { users = people },
  params = { login = "joe", reveal = true },
  check  = function(run)
    local seed = run.result.rotated[1].seed
    assert(seed and #seed >= 16 and seed ~= SEED, "no new seed is shown")
  end,
  again  = AGAIN,
}

test "leaves those alone who are done" {
  given   = { users = people },
  params  = { role = "site-admin", except = { "eve" } },
  changes = { { "twofa.regenerate", 8 } },
  result_has = { rotated = { { login = "ada" } } },
  after   = { users = { eve = { seed = "same" } } },
  again   = AGAIN,
}

test "has nothing to do once everybody is excepted" {
  given   = { users = people },
  params  = { role = "site-admin", except = { "eve", "ada" } },
  changes = {},
  result_has = { rotated = {} },
}

test "makes no first seed unasked" {
  given   = { users = people },
  params  = { login = "bob" },
  changes = {},
  result_has = { rotated = {}, skipped = { { id = 9, login = "bob", reason = "has no seed" } } },
}

test "warns when nobody has the role, which may be misspelt" {
  given   = { users = people },
  params  = { role = "siteadmin" },
  changes = {},
  result  = { rotated = {}, skipped = {}, totals = { rotated = 0, skipped = 0 } },
  log     = { "no user has this role" },
}

test "breaks no further seed after a refusal, and tells how to go on" {
  given = {
    users = {
      { id = 7, login = "eve", role = "site-admin", seed = SEED },
      { id = 8, login = "ada", role = "site-admin", seed = SEED },
      { id = 9, login = "bob", role = "site-admin", seed = SEED },
    },
  },
  params  = { role = "site-admin" },
  refuse  = { { "twofa.regenerate", 8, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "not done for ada,bob: twofa.regenerate: bad_request (400): the server refused the values: Not now: run it "
    .. "again with except=eve, who have theirs",
  changes = { { "twofa.regenerate", 7 } },
  after   = { users = { eve = { seed = "changed" }, ada = { seed = "same" }, bob = { seed = "same" } } },
}

test "says so when nobody was given a seed" {
  given   = { users = people },
  params  = { login = "joe" },
  refuse  = { { "twofa.regenerate", 11, status = 401 } },
  status  = "failed",
  error   = "nobody was given a new seed",
  changes = {},
}

test "needs a login or a role" {
  given   = { users = people },
  status  = "failed",
  error   = "give either login or role",
  changes = {},
}

test "does not take a login and a role" {
  given   = { users = people },
  params  = { login = "joe", role = "user" },
  status  = "failed",
  error   = "give either login or role",
  changes = {},
}

test "refuses a login that nobody has" {
  given   = { users = people },
  params  = { login = "Joe" },
  status  = "failed",
  error   = "there is no user with the login Joe",
  changes = {},
}

test "breaks nobody's seed when an exception is misspelt" {
  given   = { users = people },
  params  = { role = "site-admin", except = { "evi" } },
  status  = "failed",
  error   = "except names evi, and there is no user with this login",
  changes = {},
}

-- The run logs in as svc here, whose new seed would be the end of it.
local chiefs = {
  { id = 7, login = "svc", role = "global-admin", seed = SEED },
  { id = 8, login = "zoe", role = "global-admin", seed = SEED },
}

test "leaves the account alone that it runs as" {
  given      = { users = chiefs },
  params     = { role = "global-admin", runs_as = "svc" },
  changes    = { { "twofa.regenerate", 8 } },
  result_has = {
    skipped = {
      { id = 1, login = "admin", reason = "has no seed" },
      { id = 7, login = "svc", reason = "is the account that this runs as" },
    },
    totals  = { rotated = 1, skipped = 2 },
  },
  after      = { users = { svc = { seed = "same" } } },
  again      = AGAIN,
}

test "takes the account that it runs as and exceptions that are not in the role" {
  given   = { users = people },
  params  = { role = "site-admin", runs_as = "admin", except = { "joe", "ada" } },
  changes = { { "twofa.regenerate", 7 } },
  again   = AGAIN,
}

local almighty = { { id = "almighty", name = "Almighty", privileges = { "all-permissions" } } }
for name, case in pairs {
  ["global administrators"] = { role = "global-admin", error = "such as svc, and this may run as one of them" },
  ["superusers"] = {
    role = "user", users = { { id = 9, login = "root", role = "user", superuser = true, seed = SEED } },
    error = "such as root, and this may run as one of them",
  },
  ["a role with all permissions"] = {
    role = "almighty", users = { { id = 9, login = "root", role = "almighty", seed = SEED } },
    error = "such as root, and this may run as one of them",
  },
  ["a misspelt own account"] = {
    role = "global-admin", runs_as = "svk", error = "runs_as names svk, and no global administrator has this login",
  },
  ["an own account that could not run this"] = {
    role = "site-admin", runs_as = "eve", users = people,
    error = "runs_as names eve, and no global administrator has this login",
  },
} do
  test("breaks nobody's seed with " .. name) {
    given = { users = case.users or chiefs, roles = almighty }, params = { role = case.role, runs_as = case.runs_as },
    status = "failed", error = case.error, changes = {},
  }
end

test "goes through all pages of users" {
  given  = { simulated = { users = 600 } },
  params = { role = "site-admin" },
  check  = function(run)
    assert(#run.result.rotated == #run.changes and #run.changes > 3)
    for _, entry in ipairs(run.result.rotated) do assert(entry.seed == nil) end
  end,
  again  = AGAIN,
}
