local people = {
  { id = 2, login = "ada", role = "tier-1-support", sites = { 1, 3 }, asset_groups = { 2 } },
  { id = 3, login = "bob", role = "tier-1-support", enabled = false, locked = true, all_sites = true },
  { id = 4, login = "cyd", role = "user", sites = { 5 } },
}
local owner = { id = "site-owner", name = "Site Owner", description = "Makes sites.", privileges = { "manage-sites" } }

test "moves everybody of the role and keeps email, state and access" {
  given   = { users = people },
  params  = { from = "tier-1-support", to = "security-manager" },
  changes = {
    { "users.update", 2, { email = "ada@example.com", enabled = true, role = { id = "security-manager" } } },
    { "users.set_sites", 2, { 1, 3 } },
    { "users.set_asset_groups", 2, { 2 } },
    { "users.update", 3, { email = "bob@example.com", enabled = false, role = { allSites = true } } },
  },
  unordered = true,
  result  = {
    from = "tier-1-support", to = "security-manager",
    moved = { { id = 2, login = "ada", widened = false }, { id = 3, login = "bob", widened = false } },
    skipped = {}, totals = { moved = 2, skipped = 0 },
  },
  after   = {
    users = {
      ada = {
        role = "security-manager", enabled = true, email = "ada@example.com", sites = { 1, 3 }, asset_groups = { 2 },
      },
      bob = { role = "security-manager", enabled = false, locked = true, all_sites = true },
      cyd = { role = "user", sites = { 5 } },
    },
  },
}

test "has nothing to do where nobody has the role" {
  given   = { users = people },
  params  = { from = "system-admin", to = "user" },
  changes = {},
  result  = { from = "system-admin", to = "user", moved = {}, skipped = {}, totals = { moved = 0, skipped = 0 } },
}

test "goes on where an earlier run ended" {
  given   = {
    users = {
      { id = 2, login = "ada", role = "security-manager", sites = { 1, 3 } },
      { id = 3, login = "bob", role = "tier-1-support", sites = { 4 } },
    },
  },
  params  = { from = "tier-1-support", to = "security-manager" },
  changes = { { "users.update", 3 }, { "users.set_sites", 3, { 4 } } },
  result_has = { moved = { { id = 3, login = "bob", widened = false } } },
  after   = { users = { ada = { sites = { 1, 3 } }, bob = { role = "security-manager", sites = { 4 } } } },
}

test "skips who has single sites where the new role demands all" {
  given   = { users = people, roles = { owner } },
  params  = { from = "tier-1-support", to = "site-owner" },
  changes = { { "users.update", 3 } },
  result  = {
    from = "tier-1-support", to = "site-owner", moved = { { id = 3, login = "bob", widened = false } },
    skipped = { { id = 2, login = "ada", reason = "the role site-owner needs access to all sites" } },
    totals = { moved = 1, skipped = 1 },
  },
  log     = { "login=ada" },
  after   = { users = { ada = { role = "tier-1-support", sites = { 1, 3 } }, bob = { role = "site-owner" } } },
}

test "gives all sites where the new role demands it and widen allows it" {
  given   = { users = people, roles = { owner } },
  params  = { from = "tier-1-support", to = "site-owner", widen = true },
  changes = {
    { "users.update", 2, { role = { id = "site-owner", allSites = true } } },
    { "users.set_asset_groups", 2, { 2 } },
    { "users.update", 3 },
  },
  unordered = true,
  result_has = { moved = { { id = 2, login = "ada", widened = true }, { id = 3, login = "bob", widened = false } } },
  after   = { users = { ada = { role = "site-owner", all_sites = true, asset_groups = { 2 } } } },
}

test "skips who has single asset groups where the new role demands all" {
  given   = {
    users = {
      { id = 2, login = "ada", role = "user", all_sites = true, asset_groups = { 1 } }, { id = 3, login = "bob" },
    },
    roles = { { id = "all", name = "All", description = "Does all.", privileges = { "all-permissions" } } },
  },
  params  = { from = "user", to = "all" },
  changes = {},
  result_has = {
    moved = {},
    skipped = {
      { id = 2, login = "ada", reason = "the role all needs access to all asset groups" },
      { id = 3, login = "bob", reason = "the role all needs access to all sites and all asset groups" },
    },
  },
}

test "moves the others and fails with the name of whom the console refuses" {
  given   = { users = people },
  params  = { from = "tier-1-support", to = "security-manager" },
  refuse  = { { "users.update", 2, status = 400, message = "The account is synchronised." } },
  status  = "failed",
  error   = "1 moved, but the console refused ada (users.update: bad_request (400)",
  changes = { { "users.update", 3 } },
  log     = { "login=ada" },
  after   = { users = { ada = { role = "tier-1-support", sites = { 1, 3 } }, bob = { role = "security-manager" } } },
}

test "goes on after an error of the console that concerns one user" {
  given   = { users = people },
  params  = { from = "tier-1-support", to = "security-manager" },
  refuse  = { { "users.update", 3, status = 500 } },
  status  = "failed",
  error   = "1 moved, but the console refused bob",
  changes = { { "users.update", 2 }, { "users.set_sites", 2 }, { "users.set_asset_groups", 2 } },
}

test "stops where the run lacks a permission" {
  given   = { users = people },
  params  = { from = "tier-1-support", to = "security-manager" },
  refuse  = { { "users.update", status = 401 } },
  status  = "failed",
  error   = "users.update: unauthorized (401)",
  changes = {},
}

test "says what to give back where the console takes the update and refuses to restore the access" {
  given   = { users = { people[1] } },
  params  = { from = "tier-1-support", to = "security-manager" },
  refuse  = { { "users.set_sites", 2, status = 400 } },
  status  = "failed",
  error   = "users.set_sites(2, { 1, 3 })",
}

-- Among them are 97, who has no email address, and 354, who logs in with a source of an undocumented type.
test "moves the users of several pages, with what is odd about them" {
  given   = { simulated = { users = 600, seed = 4 } },
  params  = { from = "Site Admin Custom", to = "security-manager" },
  kill    = "the cases above are killed and resumed at every change, in far less time",
  check   = function(run)
    local updates, moved = 0, {}
    for _, change in ipairs(run.changes) do
      if change[1] == "users.update" then updates = updates + 1 end
    end
    for _, one in ipairs(run.result.moved) do moved[one.id] = true end
    assert(moved[97] and moved[354], "the odd ones are moved too")
    assert(updates > 30 and updates == run.result.totals.moved, "each is updated once")
    assert(run.result.totals.skipped == 0, "nobody is skipped")
  end,
}

for name, case in pairs {
  ["to global-admin"] = { params = { from = "user", to = "global-admin" }, error = "'to' is global-admin" },
  ["from global-admin"] = { params = { from = "global-admin", to = "user" }, error = "'from' is global-admin" },
  ["to the same role"] = { params = { from = "user", to = "user" }, error = "the same role" },
  ["from an unknown role"] = { params = { from = "usr", to = "user" }, error = "'from' names the role 'usr'" },
  ["to an unknown role"] = {
    params = { from = "user", to = "boss" }, error = "which does not exist: there are global-admin",
  },
} do
  test("refuses to move " .. name) {
    given = { users = people }, params = case.params, status = "failed", error = case.error, changes = {},
  }
end
