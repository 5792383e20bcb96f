local people = {
  { id = 2, login = "ada", role = "tier-1-support", sites = { 1, 3 }, asset_groups = { 2 } },
  { id = 3, login = "bob", role = "tier-1-support", enabled = false },
  { id = 4, login = "cyd", role = "user" },
}
local owner = { id = "site-owner", name = "Site Owner", description = "Makes sites.", privileges = { "manage-sites" } }

test "moves the users, then deletes the role" {
  given   = { users = people },
  params  = { role = "tier-1-support", to = "user" },
  changes = {
    { "users.update", 2, { role = { id = "user" } } },
    { "users.set_sites", 2, { 1, 3 } },
    { "users.set_asset_groups", 2, { 2 } },
    { "users.update", 3, { enabled = false, role = { id = "user" } } },
    { "roles.delete", "tier-1-support" },
  },
  unordered = true,
  result  = {
    role = "tier-1-support", to = "user", deleted = true,
    moved = { { id = 2, login = "ada" }, { id = 3, login = "bob" } }, totals = { moved = 2 },
  },
  after   = {
    users = {
      ada = { role = "user", email = "ada@example.com", sites = { 1, 3 }, asset_groups = { 2 } },
      bob = { role = "user", enabled = false },
    },
    roles = { ["tier-1-support"] = false },
  },
  check   = function(run)
    assert(run.changes[#run.changes][1] == "roles.delete", "the role goes last")
  end,
}

test "deletes a role that nobody has" {
  given   = { users = people },
  params  = { role = "Site Admin Custom", to = "user" },
  changes = { { "roles.delete", "Site Admin Custom" } },
  result  = { role = "Site Admin Custom", to = "user", moved = {}, deleted = true, totals = { moved = 0 } },
}

test "has nothing to do where the role is gone" {
  given   = { users = people },
  params  = { role = "tier-9-support", to = "user" },
  changes = {},
  result  = {
    role = "tier-9-support", to = "user", moved = {}, deleted = false, reason = "there is no such role",
    totals = { moved = 0 },
  },
  log     = { "nothing to do" },
}

test "finishes what was begun by hand" {
  given   = {
    users = { { id = 2, login = "ada", role = "user" }, { id = 3, login = "bob", role = "tier-1-support" } },
  },
  params  = { role = "tier-1-support", to = "user" },
  changes = { { "users.update", 3 }, { "roles.delete", "tier-1-support" } },
  result_has = { moved = { { id = 3, login = "bob" } }, deleted = true },
}

test "keeps the role as long as somebody has it whom the console refuses to move" {
  given   = { users = people },
  params  = { role = "tier-1-support", to = "user" },
  refuse  = { { "users.update", 2, status = 400 } },
  status  = "failed",
  error   = "1 moved to user, but the console refused ada (users.update: bad_request (400)",
  changes = { { "users.update", 3 } },
  after   = { users = { ada = { role = "tier-1-support", sites = { 1, 3 } } }, roles = { ["tier-1-support"] = {} } },
}

test "tells that the users are moved where the console refuses to delete the role" {
  given   = { users = { people[2] } },
  params  = { role = "tier-1-support", to = "user" },
  refuse  = { { "roles.delete", "tier-1-support", status = 400, message = "The role is used by a report." } },
  status  = "failed",
  error   = "The role is used by a report",
  changes = { { "users.update", 3 } },
  after   = { users = { bob = { role = "user" } }, roles = { ["tier-1-support"] = {} } },
}

test "changes nothing where somebody's access is too narrow for the new role" {
  given   = { users = people, roles = { owner } },
  params  = { role = "tier-1-support", to = "site-owner" },
  status  = "failed",
  error   = "site-owner demands more access than these have: ada; bob: nothing was changed",
  changes = {},
}

test "changes nothing where the new role demands all asset groups" {
  given   = {
    users = { { id = 2, login = "ada", role = "tier-1-support", all_sites = true } },
    roles = {
      { id = "grouper", name = "Grouper", description = "Groups.", privileges = { "manage-dynamic-asset-groups" } },
    },
  },
  params  = { role = "tier-1-support", to = "grouper" },
  status  = "failed",
  error   = "grouper demands more access than these have: ada: nothing was changed",
  changes = {},
}

test "gives all sites where the new role demands it and widen allows it" {
  given   = { users = people, roles = { owner } },
  params  = { role = "tier-1-support", to = "site-owner", widen = true },
  result_has = { moved = { { id = 2, login = "ada" }, { id = 3, login = "bob" } }, deleted = true },
  after   = { users = { ada = { role = "site-owner", all_sites = true, asset_groups = { 2 } } } },
}

test "moves the users of several pages" {
  given   = { simulated = { users = 600, seed = 4 } },
  params  = { role = "Site Admin Custom", to = "user" },
  kill    = "the cases above are killed and resumed at every change, in far less time",
  after   = { roles = { ["Site Admin Custom"] = false } },
  check   = function(run)
    assert(#run.result.moved > 20, "of 600 users one in twelve has the role, not " .. #run.result.moved)
  end,
}

for name, case in pairs {
  ["a built-in role"] = { params = { role = "site-admin", to = "user" }, error = "it is built in" },
  ["into itself"] = { params = { role = "tier-1-support", to = "tier-1-support" }, error = "give another role as to" },
  ["into global administrators"] = {
    params = { role = "tier-1-support", to = "global-admin" }, error = "would be global administrators",
  },
  ["into an unknown role"] = { params = { role = "tier-1-support", to = "usr" }, error = "there is no role usr" },
} do
  test("refuses to retire " .. name) {
    given = { users = people }, params = case.params, status = "failed", error = case.error, changes = {},
  }
end
