local SEED = "JBSWY3DPEHPK3PXP"

local function ada(changes)
  local user = {
    id = 7, login = "ada", role = "site-admin", email = "Ada@example.com", sites = { 1, 3 }, asset_groups = { 2 },
    seed = SEED,
  }
  for key, value in pairs(changes or {}) do user[key] = value end
  return user
end
local member = { email = "ada@example.com", role = "Security Admin" }
local eve = { id = 8, login = "eve", role = "site-admin", sites = { 1 }, seed = SEED }
local both = {
  users = { ada(), eve }, xpanse = { users = { member, { email = "eve@example.com", role = "Viewer" } } },
}
local gone = { enabled = false, role = "user", sites = {}, asset_groups = {}, seed = "changed" }
local DISABLE, ROLE, LEAST = "console: disable", "xpanse: take the role", "console: give the least role"
local SITES, GROUPS, SEED_STEP = "console: take access to sites", "console: take access to asset groups",
  "console: renew the two-factor seed"
local UNSURE = "offboarded before, perhaps with a new seed: give renew_seed=true to be sure"

test "shuts the door on both sides, whatever the capitals of the address, and leaves others alone" {
  given   = both,
  params  = { email = "aDa@Example.com" },
  changes = {
    { "users.update", 7, { enabled = false, role = { id = "site-admin" }, email = "Ada@example.com", name = "ada" } },
    { "xpanse.remove_role", { "ada@example.com" } },
    { "users.update", 7, { enabled = false, role = { id = "user" }, email = "Ada@example.com", name = "ada" } },
    { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 },
    { "twofa.regenerate", 7 },
  },
  result  = {
    email = "ada@example.com", id = 7, login = "ada", skipped = {}, by_hand = {},
    done = { DISABLE, ROLE, LEAST, SITES, GROUPS, SEED_STEP },
  },
  after   = {
    users  = { ada = gone, eve = { enabled = true, role = "site-admin", sites = { 1 }, seed = "same" } },
    xpanse = { ["ada@example.com"] = { role = null }, ["eve@example.com"] = { role = "Viewer" } },
  },
}

test "takes what comes with a role that reaches everything" {
  given  = {
    users  = {
      ada { role = "security-manager", all_sites = true, all_asset_groups = true, sites = {}, asset_groups = {} },
    },
    xpanse = { users = { member } },
  },
  params = { email = "ada@example.com" },
  after  = { users = { ada = { enabled = false, role = "user", all_sites = false, sites = {}, asset_groups = {} } } },
}

test "has nothing to do for whom it has offboarded before, and says what it cannot know" {
  given   = {
    users  = { ada { enabled = false, role = "user", sites = {}, asset_groups = {} } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params  = { email = "ada@example.com" },
  changes = {},
  result  = {
    email = "ada@example.com", id = 7, login = "ada", done = {}, by_hand = {},
    skipped = {
      { step = DISABLE, reason = "done before" },
      { step = ROLE, reason = "has none" },
      { step = LEAST, reason = "done before" },
      { step = SITES, reason = "has none" },
      { step = GROUPS, reason = "has none" },
      { step = SEED_STEP, reason = UNSURE },
    },
  },
  after   = { users = { ada = { seed = "same" } } },
}

test "renews the seed alone if it is told to" {
  given   = {
    users  = { ada { enabled = false, role = "user", sites = {}, asset_groups = {} } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params  = { email = "ada@example.com", renew_seed = true },
  changes = { { "twofa.regenerate", 7 } },
  after   = { users = { ada = { seed = "changed" } } },
  again   = { changes = { { "twofa.regenerate", 7 } } },
}

test "does the rest after the account was disabled by hand and the role taken in Xpanse" {
  given   = {
    users = { ada { enabled = false, asset_groups = {} } }, xpanse = { users = { { email = "ADA@example.com" } } },
  },
  params  = { email = "ada@example.com" },
  changes = { { "users.update", 7 }, { "users.remove_all_sites", 7 }, { "twofa.regenerate", 7 } },
  result_has = { done = { LEAST, SITES, SEED_STEP } },
  after   = { users = { ada = gone } },
}

test "offboards whom only Xpanse knows" {
  given   = { users = { eve }, xpanse = { users = { member } } },
  params  = { email = "ada@example.com" },
  changes = { { "xpanse.remove_role", { "ada@example.com" } } },
  result  = {
    email = "ada@example.com", id = null, login = null, done = { ROLE }, by_hand = {},
    skipped = { { step = "console", reason = "no user has the address" } },
  },
}

test "offboards whom only the console knows" {
  given      = { users = { ada { seed = null } } },
  params     = { email = "ada@example.com" },
  changes    = {
    { "users.update", 7 }, { "users.update", 7 }, { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 },
  },
  result_has = {
    skipped = { { step = "xpanse", reason = "no user has the address" }, { step = SEED_STEP, reason = "has none" } },
  },
}

test "leaves Xpanse out where there is none" {
  given      = { users = { ada() } },
  target     = "console",
  params     = { email = "ada@example.com", xpanse = false },
  result_has = { skipped = { { step = "xpanse", reason = "left out by xpanse=false" } } },
  after      = { users = { ada = gone } },
}

test "names the groups in Xpanse, from which nobody is taken" {
  given      = { users = {}, xpanse = { users = { { email = "ada@example.com", groups = { "Night Shift" } } } } },
  params     = { email = "ada@example.com" },
  changes    = {},
  result_has = { by_hand = { "take ada@example.com out of the Xpanse group Night Shift" } },
  log        = { "still in a group of Xpanse, whose roles stay" },
}

test "carries on when Xpanse refuses, and says what is not done" {
  given   = both,
  params  = { email = "ada@example.com" },
  refuse  = { { "xpanse.remove_role", status = 403, message = "Not with this key." } },
  status  = "failed",
  error   = "not done for ada@example.com: xpanse: take the role (xpanse.remove_role: forbidden (403)",
  changes = {
    { "users.update", 7 }, { "users.update", 7 }, { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 }, { "twofa.regenerate", 7 },
  },
  after   = { users = { ada = gone }, xpanse = { ["ada@example.com"] = { role = "Security Admin" } } },
}

test "carries on when Xpanse cannot be read" {
  given  = both,
  params = { email = "ada@example.com" },
  refuse = { { "xpanse.users", status = 401 } },
  status = "failed",
  error  = "not done for ada@example.com: xpanse: find the user (xpanse.users: unauthorized (401)",
  after  = { users = { ada = gone } },
}

test "carries on when the console cannot be read" {
  given   = both,
  params  = { email = "ada@example.com" },
  refuse  = { { "users.page", status = 401 } },
  status  = "failed",
  error   = "not done for ada@example.com: console: find the account (users.page: unauthorized (401)",
  changes = { { "xpanse.remove_role", { "ada@example.com" } } },
  after   = { users = { ada = { enabled = true } }, xpanse = { ["ada@example.com"] = { role = null } } },
}

test "carries on when the console refuses to disable" {
  given   = both,
  params  = { email = "ada@example.com" },
  refuse  = { { "users.update", 7, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "not done for ada@example.com: console: disable (users.update: bad_request (400)",
  changes = {
    { "xpanse.remove_role" }, { "users.remove_all_sites", 7 }, { "users.remove_all_asset_groups", 7 },
    { "twofa.regenerate", 7 },
  },
  after   = { users = { ada = { enabled = true, sites = {}, seed = "changed" } } },
  plan    = "what follows a refusal is not as it was planned, so that the run stops behind Xpanse",
}

test "shuts the door also when the console refuses the role" {
  given   = both,
  params  = { email = "ada@example.com" },
  refuse  = { { "users.update", 7, { role = { id = "user" } }, status = 400, message = "Not this role." } },
  status  = "failed",
  error   = "not done for ada@example.com: console: give the least role (users.update: bad_request (400)",
  changes = {
    { "users.update", 7, { enabled = false } }, { "xpanse.remove_role" }, { "users.remove_all_sites", 7 },
    { "users.remove_all_asset_groups", 7 }, { "twofa.regenerate", 7 },
  },
  after   = { users = { ada = { enabled = false, role = "site-admin", sites = {} } } },
  plan    = "what follows a refusal is not as it was planned, so that the run stops there",
}

test "counts the account as disabled if only the second update was carried out" {
  given  = both,
  params = { email = "ada@example.com" },
  refuse = { { "users.update", 7, status = 400, message = "Not now.", times = 1 } },
  result_has = { done = { ROLE, DISABLE, LEAST, SITES, GROUPS, SEED_STEP } },
  after  = { users = { ada = gone } },
  plan   = "what follows a refusal is not as it was planned, so that the run stops there",
}

test "shuts the doors also when the role cannot be read" {
  given  = both,
  params = { email = "ada@example.com" },
  refuse = { { "roles.get", status = 401 } },
  status = "failed",
  error  = "not done for ada@example.com: console: give the least role (roles.get: unauthorized (401)",
  after  = { users = { ada = { enabled = false } }, xpanse = { ["ada@example.com"] = { role = null } } },
}

local wrong_roles = {
  { "that is not there", "nobody", "there is no console role 'nobody'" },
  { "that manages everything", "global-admin", "the role global-admin grants all-permissions" },
  { "that configures the console", "system-admin", "the role system-admin grants configure-global-settings" },
  { "that manages sites", "site-admin", "the role site-admin grants manage-" },
}
for _, case in ipairs(wrong_roles) do
  test("changes nothing for a least role " .. case[1]) {
    given   = both,
    params  = { email = "ada@example.com", least_role = case[2] },
    status  = "failed",
    error   = "nothing was changed for ada@example.com: " .. case[3],
    changes = {},
  }
end

local boss = { users = { ada() }, xpanse = { users = { { email = "ada@example.com", role = "Account Admin" } } } }

test "leaves the role of an Account Admin, which nobody can give back, and does the rest" {
  given  = boss,
  params = { email = "ada@example.com" },
  status = "failed",
  error  = "xpanse: take the role (it is Account Admin, which the API cannot give back: give account_admins=true",
  after  = { users = { ada = gone }, xpanse = { ["ada@example.com"] = { role = "Account Admin" } } },
}

test "takes the role of an Account Admin if it is told to" {
  given  = boss,
  params = { email = "ada@example.com", account_admins = true },
  after  = { users = { ada = gone }, xpanse = { ["ada@example.com"] = { role = null } } },
}

test "does not claim to have taken access that the role still gives" {
  given   = {
    users  = { ada { role = "security-manager", all_sites = true, sites = {}, asset_groups = {}, seed = null } },
    xpanse = { users = { member } },
  },
  params  = { email = "ada@example.com" },
  refuse  = { { "users.update", 7, status = 400, message = "Not this role." } },
  status  = "failed",
  error   = "console: take access to sites (it comes with the role, which could not be changed)",
  changes = { { "xpanse.remove_role" } },
  plan    = "what follows a refusal is not as it was planned, so that the run stops there",
}

test "says so when only the seed was refused" {
  given  = both,
  params = { email = "ada@example.com" },
  refuse = { { "twofa.regenerate", 7, status = 400, message = "Not now." } },
  status = "failed",
  error  = "not done for ada@example.com: console: renew the two-factor seed",
  after  = { users = { ada = { enabled = false, role = "user", seed = "same" } } },
}

test "stops when two console users have the address" {
  given   = {
    users = { ada(), { id = 9, login = "ada2", email = "ADA@example.com" } }, xpanse = { users = { member } },
  },
  params  = { email = "ada@example.com" },
  status  = "failed",
  error   = "two console users have the address ada@example.com: settle that first",
  changes = {},
}

test "stops when two Xpanse users have the address" {
  given   = { users = { ada() }, xpanse = { users = { member, { email = "Ada@Example.com", role = "Viewer" } } } },
  params  = { email = "ada@example.com" },
  status  = "failed",
  error   = "two Xpanse users have the address ada@example.com: settle that first",
  changes = {},
}

test "stops when nobody has the address, as when it is misspelt" {
  given   = { users = { ada(), { id = 9, login = "svc", email = null } }, xpanse = { users = { member } } },
  params  = { email = "aad@example.com" },
  status  = "failed",
  error   = "nobody has the address aad@example.com: is it spelt right?",
  changes = {},
}

test "stops at what is no address" {
  given   = both,
  params  = { email = "ada" },
  status  = "failed",
  error   = "the parameter 'email' must match the pattern",
  changes = {},
}

test "keeps the last enabled global administrator" {
  given   = { users = { { id = 7, login = "zoe", role = "global-admin", source = "admin", enabled = false } } },
  params  = { email = "admin@example.com", runs_as = "admin" },
  status  = "failed",
  error   = "admin is the last enabled global administrator",
  changes = {},
}

local zoe = { id = 7, login = "zoe", role = "global-admin", source = "admin", email = "zoe@example.com" }

test "asks for the account that it runs as before it shuts out a global administrator" {
  given   = { users = { zoe } },
  params  = { email = "zoe@example.com" },
  status  = "failed",
  error   = "zoe is a global administrator and may be the account that this runs as",
  changes = {},
}

test "does not shut out the account that it runs as" {
  given   = { users = { zoe } },
  params  = { email = "admin@example.com", runs_as = "admin" },
  status  = "failed",
  error   = "admin is the account that this runs as",
  changes = {},
}

test "does not believe in an account that is none" {
  given   = { users = { zoe } },
  params  = { email = "zoe@example.com", runs_as = "Admin" },
  status  = "failed",
  error   = "no enabled global administrator has the login Admin",
  changes = {},
}

test "offboards another global administrator" {
  given  = { users = { zoe } },
  params = { email = "zoe@example.com", runs_as = "admin" },
  after  = { users = { zoe = { enabled = false, role = "user", superuser = false, all_sites = false } } },
}
