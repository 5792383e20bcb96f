local SEED = "JBSWY3DPEHPK3PXP"
local function leaver(changes)
  local user = {
    id = 7, login = "ada", role = "site-admin", sites = { 1, 3 }, asset_groups = { 2 }, seed = SEED,
  }
  for key, value in pairs(changes or {}) do user[key] = value end
  return { users = { user } }
end
local gone = { enabled = false, role = "user", sites = {}, asset_groups = {}, seed = "changed" }
local everything = { "disable", "least_role", "sites", "asset_groups", "two_factor_seed" }

test "shuts the door first and renews the seed last" {
  given   = leaver(),
  params  = { login = "ada" },
  changes = {
    { "users.update", 7, { enabled = false, role = { id = "site-admin" }, email = "ada@example.com" } },
    { "users.update", 7, { enabled = false, role = { id = "user" }, email = "ada@example.com" } },
    { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 },
    { "twofa.regenerate", 7 },
  },
  result  = { login = "ada", id = 7, done = everything, skipped = {} },
  after   = { users = { ada = gone } },
}

test "takes the access to all sites and asset groups" {
  given  = leaver {
    role = "security-manager", all_sites = true, all_asset_groups = true, sites = {}, asset_groups = {},
  },
  params = { login = "ada" },
  result = { login = "ada", id = 7, done = everything, skipped = {} },
  after  = { users = { ada = gone } },
}

test "leaves other users alone" {
  given = {
    users = {
      { id = 7, login = "ada", role = "site-admin", sites = { 1 } },
      { id = 8, login = "eve", role = "site-admin", sites = { 1 }, seed = SEED },
    },
  },
  params = { login = "ada" },
  after  = { users = { eve = { enabled = true, role = "site-admin", sites = { 1 }, seed = "same" } } },
}

test "keeps the role that is asked for" {
  given = {
    roles = { { id = "former staff", name = "Former staff", privileges = { "view-site-asset-data" } } },
    users = leaver().users,
  },
  params = { login = "ada", least_role = "former staff" },
  after  = { users = { ada = { enabled = false, role = "former staff", sites = {} } } },
}

test "does the rest after the account was disabled by hand" {
  given  = leaver { enabled = false, sites = {} },
  params = { login = "ada" },
  result = {
    login = "ada", id = 7, done = { "least_role", "asset_groups", "two_factor_seed" },
    skipped = { { step = "disable", reason = "already disabled" }, { step = "sites", reason = "has none" } },
  },
  after  = { users = { ada = gone } },
}

test "renews no seed where there is none" {
  given      = leaver { seed = null },
  params     = { login = "ada" },
  result_has = { skipped = { { step = "two_factor_seed", reason = "has none" } } },
  after      = { users = { ada = { enabled = false, seed = "none" } } },
}

local offboarded = { enabled = false, role = "user", sites = {}, asset_groups = {} }
local unsure = "offboarded before, perhaps with a new seed: give renew_seed=true to be sure"

test "has nothing to do for whom it has offboarded before, and says what it cannot know" {
  given   = leaver(offboarded),
  params  = { login = "ada" },
  changes = {},
  result  = {
    login = "ada", id = 7, done = {},
    skipped = {
      { step = "disable", reason = "already disabled" },
      { step = "least_role", reason = "already has it" },
      { step = "sites", reason = "has none" },
      { step = "asset_groups", reason = "has none" },
      { step = "two_factor_seed", reason = unsure },
    },
  },
  after   = { users = { ada = { seed = "same" } } },
}

test "renews the seed alone if it is told to" {
  given      = leaver(offboarded),
  params     = { login = "ada", renew_seed = true },
  changes    = { { "twofa.regenerate", 7 } },
  result_has = { done = { "two_factor_seed" } },
  after      = { users = { ada = { seed = "changed" } } },
  again      = { changes = { { "twofa.regenerate", 7 } } },
}

-- What is applied is held to what the plan found; a run tries everything that is left.
local UNPLANNED = "a plan stops where a refused change makes the next one find something else"

test "does all that can be done when the console refuses to disable, and says what is not done" {
  given   = leaver(),
  params  = { login = "ada" },
  refuse  = { { "users.update", 7, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "offboard ada: not done: disable (users.update: bad_request (400): the server refused the values: Not now)",
  changes = {
    { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 },
    { "twofa.regenerate", 7 },
  },
  after   = { users = { ada = { enabled = true, role = "site-admin", sites = {}, seed = "changed" } } },
  plan    = UNPLANNED,
}

test "disables with the least role, should the console have refused it before" {
  given   = leaver(),
  params  = { login = "ada" },
  refuse  = { { "users.update", 7, { role = { id = "site-admin" } }, status = 503 } },
  result  = { login = "ada", id = 7, done = everything, skipped = {} },
  after   = { users = { ada = gone } },
  plan    = UNPLANNED,
}

test "does not claim to have taken access that the role still gives" {
  given  = leaver { role = "security-manager", all_sites = true, sites = {} },
  params = { login = "ada" },
  refuse = { { "users.update", 7, { role = { id = "user" } }, status = 400, message = "Not this role." } },
  status = "failed",
  error  = "sites (the account keeps a role with access to all sites)",
  after  = { users = { ada = { enabled = false, role = "security-manager", all_sites = true } } },
}

test "tells how to renew the seed when only that was refused" {
  given  = leaver(),
  params = { login = "ada" },
  refuse = { { "twofa.regenerate", 7, status = 503 } },
  status = "failed",
  error  = "renew_seed=true is needed if only the seed is left",
  after  = { users = { ada = { enabled = false, role = "user", sites = {}, asset_groups = {}, seed = "same" } } },
}

test "makes no first seed for whom it may not look for one" {
  given  = leaver(),
  params = { login = "ada" },
  refuse = { { "twofa.key", 7, status = 401 } },
  status = "failed",
  error  = "not done: two_factor_seed (twofa.key: unauthorized (401)",
  after  = { users = { ada = { enabled = false, role = "user", seed = "same" } } },
}

test "offboards an account without email, of an authentication that it does not know" {
  given  = leaver { email = null, source = "saml", seed = null },
  params = { login = "ada" },
  after  = { users = { ada = { enabled = false, role = "user", sites = {}, asset_groups = {} } } },
}

test "refuses a login that nobody has" {
  given   = leaver(),
  params  = { login = "Ada" },
  status  = "failed",
  error   = "offboard Ada: there is no user with this login",
  changes = {},
}

test "refuses a least role that is not there, before anything is changed" {
  given   = leaver(),
  params  = { login = "ada", least_role = "nothing" },
  status  = "failed",
  error   = "the role nothing cannot be read",
  changes = {},
}

test "refuses a least role that manages something" {
  given   = leaver(),
  params  = { login = "ada", least_role = "global-admin" },
  status  = "failed",
  error   = "the role global-admin grants all-permissions",
  changes = {},
}

test "keeps the last enabled global administrator" {
  given   = { users = { { id = 7, login = "zoe", role = "global-admin", enabled = false } } },
  params  = { login = "admin" },
  status  = "failed",
  error   = "this is the last global administrator who can log in",
  changes = {},
}

test "does not count on an administrator who is locked" {
  given   = { users = { { id = 7, login = "zoe", role = "global-admin", source = "admin", locked = true } } },
  params  = { login = "admin", runs_as = "zoe" },
  status  = "failed",
  error   = "this is the last global administrator who can log in",
  changes = {},
}

-- The run logs in as admin here: disabled, it could not go on.
local two = { users = { { id = 7, login = "zoe", role = "user", superuser = true } } }
for runs_as, text in pairs {
  [""]    = "offboard admin: it is a global administrator and may be the account that this runs as",
  admin   = "offboard admin: it is the account that this runs as",
  zoey    = "no global administrator who can log in is called zoey",
} do
  test("does not shut itself out, with runs_as=" .. runs_as) {
    given = two, params = { login = "admin", runs_as = runs_as ~= "" and runs_as or nil },
    status = "failed", error = text, changes = {},
  }
end

test "guards a superuser like a global administrator" {
  given = two, params = { login = "zoe" }, status = "failed", error = "it is a global administrator", changes = {},
}

test "offboards a global administrator as long as there is another" {
  given  = { users = { { id = 7, login = "zoe", role = "global-admin", source = "admin" } } },
  params = { login = "zoe", runs_as = "admin" },
  after  = {
    users = { zoe = { enabled = false, role = "user", superuser = false, all_sites = false, source = "normal" } },
  },
}

test "finds the leaver on whichever page" {
  given   = { simulated = { users = 600 } },
  params  = { login = "nobody.at.all" },
  status  = "failed",
  error   = "there is no user with this login",
  changes = {},
}
