local SEED = "JBSWY3DPEHPK3PXP"
-- The simulated console always has the administrator admin, who is privileged and has no seed.
local people = {
  { id = 7, login = "eve", role = "site-admin" },
  { id = 8, login = "ada", role = "security-manager" },
  { id = 9, login = "bob", role = "system-admin", seed = SEED },
  { id = 10, login = "kim", role = "site-admin", source = "ldap" },
  { id = 11, login = "off", role = "site-admin", enabled = false },
  { id = 12, login = "joe", role = "user" },
}
local function gap(id, login, role, source)
  local email = login .. "@example.com"
  return { id = id, login = login, name = login, email = email, role = role, source = source or "normal" }
end
local admin = gap(1, "admin", "global-admin", "admin")
admin.name = "Default Administrator"
local eve, ada = gap(7, "eve", "site-admin"), gap(8, "ada", "security-manager")
local off = { id = 11, login = "off", reason = "disabled" }
local own = { id = 1, login = "admin", reason = "is the account that this runs as" }

test "lists who has power, a local password and no seed" {
  given   = { users = people },
  changes = {},
  result  = {
    gaps = { admin, eve, ada }, generated = {}, skipped = { off },
    totals = { privileged = 6, with_seed = 1, external = 1, gaps = 3, generated = 0, skipped = 1 },
  },
}

test "lists only the roles that are asked for" {
  given  = { users = people },
  params = { roles = { "user", "system-admin" } },
  result = {
    gaps = { gap(12, "joe", "user") }, generated = {}, skipped = {},
    totals = { privileged = 2, with_seed = 1, external = 0, gaps = 1, generated = 0, skipped = 0 },
  },
}

test "gives no seed to a superuser whose role is not asked for" {
  given   = {
    users = {
      { id = 7, login = "zoe", role = "site-admin", superuser = true }, { id = 8, login = "joe", role = "user" },
    },
  },
  params  = { roles = { "user" }, generate = true, runs_as = "admin" },
  changes = { { "twofa.regenerate", 8 } },
}

test "sees a superuser without a privileged role" {
  given      = { users = { { id = 7, login = "zoe", role = "user", superuser = true } } },
  result_has = { gaps = { { login = "admin" }, { login = "zoe" } } },
}

test "sees the power of a role of the administrator's own making" {
  given = {
    roles = {
      { id = "scope", name = "Scope", privileges = { "manage-site-access" } },
      { id = "reader", name = "Reader", privileges = { "view-site-asset-data" } },
    },
    users = { { id = 7, login = "eve", role = "scope" }, { id = 8, login = "ada", role = "reader" } },
  },
  result_has = { gaps = { { login = "admin" }, { login = "eve" } }, totals = { gaps = 2 } },
}

test "makes seeds for all but the account that it runs as and those who are excepted, and shows none" {
  given   = { users = people },
  params  = { generate = true, runs_as = "admin", except = { "eve" } },
  changes = { { "twofa.regenerate", 8 } },
  result  = {
    gaps = { admin, eve, ada }, generated = { { id = 8, login = "ada" } },
    skipped = { own, { id = 7, login = "eve", reason = "excepted" }, off },
    totals = { privileged = 6, with_seed = 1, external = 1, gaps = 3, generated = 1, skipped = 3 },
  },
  after   = { users = { admin = { seed = "none" }, ada = { seed = "changed" }, bob = { seed = "same" } } },
}

test "shows the seeds if asked" {
  given  = { users = people },
  params = { generate = true, runs_as = "admin", reveal = true },
  check  = function(run)
    for _, entry in ipairs(run.result.generated) do assert(entry.seed and #entry.seed >= 16, entry.login) end
  end,
}

test "has nothing to generate where everybody has a seed" {
  given   = { users = { { id = 9, login = "bob", role = "system-admin", seed = SEED } } },
  params  = { generate = true, runs_as = "admin" },
  changes = {},
  result_has = { generated = {}, totals = { privileged = 2, with_seed = 1, external = 0, gaps = 1 } },
}

test "does the rest of what was begun by hand" {
  given   = {
    users = {
      { id = 7, login = "eve", role = "site-admin", seed = SEED }, { id = 8, login = "ada", role = "site-admin" },
    },
  },
  params  = { generate = true, runs_as = "admin" },
  changes = { { "twofa.regenerate", 8 } },
  after   = { users = { eve = { seed = "same" } } },
}

test "gives up at the first refusal, and names who is left" {
  given   = {
    users = {
      { id = 7, login = "eve", role = "site-admin" }, { id = 8, login = "ada", role = "site-admin" },
      { id = 9, login = "bob", role = "site-admin" }, { id = 10, login = "svc", role = "site-admin" },
    },
  },
  params  = { generate = true, runs_as = "admin", except = { "svc" } },
  refuse  = { { "twofa.regenerate", 8, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "1 got a seed, not done for ada,bob: twofa.regenerate: bad_request (400)",
  changes = { { "twofa.regenerate", 7 } },
  after   = { users = { eve = { seed = "changed" }, ada = { seed = "none" }, bob = { seed = "none" } } },
}

test "makes no seeds as long as nobody says which account it runs as" {
  given   = { users = people },
  params  = { generate = true, except = { "admin" } },
  status  = "failed",
  error   = "lock it out: give its login with --param runs_as=",
  changes = {},
}

test "makes no seeds when an exception is misspelt" {
  given   = { users = people },
  params  = { generate = true, runs_as = "admin", except = { "Eve" } },
  status  = "failed",
  error   = "except names Eve, and there is no user with this login",
  changes = {},
}

test "makes no seeds when the account that it runs as is misspelt" {
  given   = { users = people },
  params  = { generate = true, runs_as = "Admin" },
  status  = "failed",
  error   = "runs_as names Admin, and there is no user with this login",
  changes = {},
}

test "has nothing to show that it does not make" {
  given  = { users = people },
  params = { reveal = true },
  status = "failed",
  error  = "give it together with generate=true",
}

test "refuses a role that is not there" {
  given   = { users = people },
  params  = { roles = { "site-admin", "sysadmin" } },
  status  = "failed",
  error   = "there is no role sysadmin",
  changes = {},
}

test "lists users without email, on whichever page" {
  given   = { simulated = { users = 600 } },
  changes = {},
  check   = function(run)
    local last, unknown = run.result.gaps[#run.result.gaps], 0
    assert(last.id > 500, "the last page was not seen: " .. last.id)
    for _, entry in ipairs(run.result.skipped) do
      if entry.reason == "unknown authentication type oidc" then unknown = unknown + 1 end
    end
    assert(unknown > 0, "the users of an unknown authentication type are not named")
  end,
}
