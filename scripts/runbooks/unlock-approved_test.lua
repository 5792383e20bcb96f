local SEED = "JBSWY3DPEHPK3PXP"

local people = {
  { id = 2, login = "ada", locked = true, seed = SEED },
  { id = 3, login = "bob", locked = true },
  { id = 4, login = "cyd", locked = true, seed = SEED },
  { id = 5, login = "dan", locked = true, enabled = false },
  { id = 6, login = "eve", locked = true, email = null },
  { id = 7, login = "fay", locked = true },
  { id = 8, login = "gus", locked = true },
  { id = 9, login = "hal", seed = SEED },
}
local members = {
  { email = "ADA@example.com", role = "Viewer" },
  { email = "bob@example.com", role = "Responder" },
  { email = "cyd@example.com", role = "Investigator" },
  { email = "dan@example.com", role = "Viewer" },
  { email = "fay@example.com", groups = { "Night Shift" } },
  { email = "hal@example.com", role = "Viewer" },
}
local both = { users = people, xpanse = { users = members } }

test "unlocks those with an approved role, renews their seeds, and names the others" {
  given     = both,
  params    = { approved = { "Viewer", "Responder" } },
  changes   = { { "twofa.regenerate", 2 }, { "users.unlock", 2 }, { "users.unlock", 3 } },
  unordered = true,
  result    = {
    unlocked = {
      { id = 2, login = "ada", email = "ada@example.com", xpanse_role = "Viewer", renewed = true },
      { id = 3, login = "bob", email = "bob@example.com", xpanse_role = "Responder", renewed = false },
    },
    skipped  = {
      { id = 4, login = "cyd", reason = "the Xpanse role Investigator is not approved" },
      { id = 5, login = "dan", reason = "disabled: a disabled account cannot be unlocked" },
      { id = 6, login = "eve", reason = "has no address, by which Xpanse would know who it is" },
      { id = 7, login = "fay", reason = "has no role in Xpanse" },
      { id = 8, login = "gus", reason = "not in Xpanse" },
    },
    totals   = { locked = 7, unlocked = 2, skipped = 5 },
  },
  after     = {
    users = {
      ada = {
        locked = false, seed = "changed",
      }, bob = { locked = false, seed = "none" }, cyd = { locked = true, seed = "same" },
      hal = { seed = "same" },
    },
  },
}

test "shows the new seeds if it is told to, and none to who has none" {
  given  = { users = { people[1], people[2] }, xpanse = { users = members } },
  params = { approved = { "Viewer", "Responder" }, reveal = true },
  check  = function(run)
    local ada, bob = run.result.unlocked[1], run.result.unlocked[2]
    assert(#ada.seed >= 16 and ada.renewed, ada.seed)
    assert(bob.seed == nil and not bob.renewed, bob.seed)
  end,
}

test "says so when nobody has the role, as when its id is misspelt" {
  given      = both,
  params     = { approved = { "Viewer" }, role = "site admin" },
  changes    = {},
  result_has = { totals = { locked = 0, unlocked = 0, skipped = 0 } },
  log        = { "no user has this role: is it the id of a role, as roles.list() shows it? role=site admin" },
}

test "has nothing to do where nobody is locked" {
  given   = { users = { people[8] }, xpanse = { users = members } },
  params  = { approved = { "Viewer" } },
  changes = {},
  result  = { unlocked = {}, skipped = {}, totals = { locked = 0, unlocked = 0, skipped = 0 } },
}

test "goes on with those who are left after some were unlocked by hand" {
  given   = {
    users  = { { id = 2, login = "ada", seed = SEED }, people[2] },
    xpanse = { users = members },
  },
  params  = { approved = { "Viewer", "Responder" } },
  changes = { { "users.unlock", 3 } },
  after   = { users = { ada = { seed = "same" } } },
}

test "unlocks only whom it is told to" {
  given      = both,
  params     = { approved = { "Viewer", "Responder" }, logins = { "bob", "hal", "zed" } },
  changes    = { { "users.unlock", 3 } },
  result_has = {
    skipped = {
      { id = 9, login = "hal", reason = "not locked" }, { login = "zed", reason = "no user has this login" },
    },
  },
}

test "unlocks only users of a role" {
  given   = {
    users  = { { id = 2, login = "ada", locked = true, role = "site-admin" }, people[2] },
    xpanse = { users = members },
  },
  params  = { approved = { "Viewer", "Responder" }, role = "site-admin" },
  changes = { { "users.unlock", 2 } },
}

test "names those whose address does not tell who they are" {
  given      = {
    users  = { people[1], { id = 9, login = "ada2", email = "ada@example.com" } },
    xpanse = { users = members },
  },
  params     = { approved = { "Viewer", "Responder" } },
  changes    = {},
  result_has = { skipped = { { id = 2, login = "ada", reason = "another console user has the same address" } } },
}

test "names those whom Xpanse knows twice" {
  given      = {
    users  = { people[2] },
    xpanse = { users = { members[2], { email = "BOB@example.com", role = "Viewer" } } },
  },
  params     = { approved = { "Viewer", "Responder" } },
  changes    = {},
  result_has = { skipped = { { login = "bob", reason = "two Xpanse users have the address" } } },
}

test "leaves an account locked whose seed cannot be renewed, and carries on with the others" {
  given   = both,
  params  = { approved = { "Viewer", "Responder" } },
  refuse  = { { "twofa.regenerate", 2, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "1 users were unlocked, and these not: ada (twofa.regenerate: bad_request (400)",
  changes = { { "users.unlock", 3 } },
  after   = { users = { ada = { locked = true, seed = "same" }, bob = { locked = false } } },
}

test "says who is not unlocked when the console refuses" {
  given  = both,
  params = { approved = { "Responder" } },
  refuse = { { "users.unlock", 3, status = 400, message = "Not now." } },
  status = "failed",
  error  = "these not: bob (users.unlock: bad_request (400)",
}

test "unlocks nobody when Xpanse cannot be read" {
  given   = both,
  params  = { approved = { "Viewer" } },
  refuse  = { { "xpanse.users", status = 401 } },
  status  = "failed",
  error   = "xpanse.users: unauthorized (401)",
  changes = {},
}

test "unlocks nobody when an approved role is misspelt" {
  given   = both,
  params  = { approved = { "Viewer", "Responders" } },
  status  = "failed",
  error   = "nobody was unlocked: the approved role 'Responders' cannot be read",
  changes = {},
}

test "does not take an empty name for a role, which whoever has none would have" {
  given   = both,
  params  = { approved = { "Viewer", "" } },
  status  = "failed",
  error   = "nobody was unlocked: approved holds an empty name",
  changes = {},
}

test "needs an approved role" {
  given   = both,
  params  = { approved = {} },
  status  = "failed",
  error   = "nobody was unlocked: approved is empty",
  changes = {},
}
