local ada = { id = 2, login = "ada", role = "security-manager", sites = { 1, 3 }, asset_groups = { 2 } }
local bob = { id = 3, login = "bob", role = "user", sites = { 3, 4 }, asset_groups = {}, enabled = false }

test "gives role, sites and asset groups, and shows the difference" {
  given   = { users = { ada, bob } },
  params  = { from = "ada", to = "bob" },
  changes = {
    { "users.update", 3, { login = "bob", enabled = false, role = { id = "security-manager" } } },
    { "users.set_sites", 3, { 3, 4 } },
    { "users.set_sites", 3, { 1, 3 } },
    { "users.set_asset_groups", 3, { 2 } },
  },
  result  = {
    from = "ada", to = "bob", changed = true, role = { before = "user", after = "security-manager" },
    sites = { all_before = false, all_after = false, added = { 1 }, removed = { 4 } },
    asset_groups = { all_before = false, all_after = false, added = { 2 }, removed = {} },
  },
  after   = {
    users = {
      ada = { role = "security-manager", sites = { 1, 3 }, asset_groups = { 2 } },
      bob = {
        role = "security-manager", sites = { 1, 3 }, asset_groups = { 2 }, enabled = false, email = "bob@example.com",
      },
    },
  },
}

test "has nothing to do where the access is the same" {
  given   = {
    users = { ada, { id = 3, login = "bob", role = "security-manager", sites = { 3, 1 }, asset_groups = { 2 } } },
  },
  params  = { from = "ada", to = "bob" },
  changes = {},
  result_has = { changed = false, sites = { added = {}, removed = {} } },
  log     = { "nothing to do" },
}

test "gives what is missing where the role was given by hand" {
  given   = { users = { ada, { id = 3, login = "bob", role = "security-manager" } } },
  params  = { from = "ada", to = "bob" },
  changes = { { "users.set_sites", 3, { 1, 3 } }, { "users.set_asset_groups", 3, { 2 } } },
  result_has = { changed = true, role = { before = "security-manager", after = "security-manager" } },
}

test "takes nothing away with only_add" {
  given   = { users = { ada, bob } },
  params  = { from = "ada", to = "bob", only_add = true },
  changes = { { "users.set_sites", 3, { 1, 3, 4 } }, { "users.set_asset_groups", 3, { 2 } } },
  result_has = { role = { before = "user", after = "user" }, sites = { added = { 1 }, removed = {} } },
  after   = { users = { bob = { role = "user", sites = { 1, 3, 4 } } } },
}

test "gives access to all sites" {
  given   = { users = { { id = 2, login = "ada", role = "user", all_sites = true, asset_groups = { 5 } }, bob } },
  params  = { from = "ada", to = "bob" },
  result_has = {
    sites = { all_before = false, all_after = true, added = {}, removed = {} }, asset_groups = { added = { 5 } },
  },
  after   = { users = { bob = { all_sites = true, asset_groups = { 5 } } } },
}

test "gives access to all asset groups" {
  given   = { users = { { id = 2, login = "ada", role = "user", all_asset_groups = true }, bob } },
  params  = { from = "ada", to = "bob", only_add = true },
  changes = { { "users.update", 3, { role = { allAssetGroups = true } } }, { "users.set_sites", 3, { 3, 4 } } },
  after   = { users = { bob = { all_asset_groups = true, sites = { 3, 4 } } } },
}

test "takes access to all sites away" {
  given   = { users = { ada, { id = 3, login = "bob", role = "user", all_sites = true, all_asset_groups = true } } },
  params  = { from = "ada", to = "bob" },
  result_has = { sites = { all_before = true, all_after = false, added = {}, removed = { 2, 4, 5 } } },
  after   = {
    users = { bob = { all_sites = false, all_asset_groups = false, sites = { 1, 3 }, asset_groups = { 2 } } },
  },
}

test "keeps access to all sites with only_add" {
  given   = { users = { ada, { id = 3, login = "bob", role = "user", all_sites = true, asset_groups = { 2 } } } },
  params  = { from = "ada", to = "bob", only_add = true },
  changes = {},
  result_has = { changed = false, sites = { all_before = true, all_after = true } },
}

test "copies the access of a disabled account, and says so" {
  given   = {
    users = { { id = 2, login = "ada", role = "user", sites = { 1 }, enabled = false, email = null },
      { id = 3, login = "bob", role = "user", email = null } },
  },
  params  = { from = "ada", to = "bob" },
  changes = { { "users.set_sites", 3, { 1 } } },
  log     = { "disabled account" },
}

local many = {}
for id = 2, 520 do many[#many + 1] = { id = id, login = "u" .. id, role = "user", sites = { id % 5 + 1 } } end

test "finds users on different pages" {
  given   = { users = many },
  params  = { from = "u517", to = "u3" },
  changes = { { "users.set_sites", 3, { 3 } } },
  result_has = { sites = { added = { 3 }, removed = { 4 } } },
}

test "tells that nothing was changed where the console refuses the role" {
  given   = { users = { ada, bob } },
  params  = { from = "ada", to = "bob" },
  refuse  = { { "users.update", 3, status = 400, message = "The account is synchronised." } },
  status  = "failed",
  error   = "The account is synchronised (nothing was changed)",
  changes = {},
}

test "tells what was done where the console refuses a part" {
  given   = { users = { ada, { id = 3, login = "bob", role = "user" } } },
  params  = { from = "ada", to = "bob" },
  refuse  = { { "users.set_asset_groups", 3, status = 400 } },
  status  = "failed",
  error   = "(done before: role, sites): settle that and run it again",
  changes = { { "users.update", 3 }, { "users.set_sites", 3, { 1, 3 } } },
}

test "refuses to copy the access of a superuser" {
  given   = { users = { { id = 2, login = "ada", role = "user", superuser = true }, bob } },
  params  = { from = "ada", to = "bob" },
  status  = "failed",
  error   = "ada is a global administrator",
  changes = {},
}

for name, case in pairs {
  ["for one user"] = { params = { from = "ada", to = "ada" }, error = "both are the same user" },
  ["from nobody"] = { params = { from = "eve", to = "bob" }, error = "there is no user eve" },
  ["to nobody"] = { params = { from = "ada", to = "eve" }, error = "there is no user eve" },
  ["from a global administrator"] = {
    params = { from = "admin", to = "bob" }, error = "admin is a global administrator",
  },
  ["to a global administrator"] = {
    params = { from = "ada", to = "admin" }, error = "admin is a global administrator",
  },
} do
  test("refuses to copy " .. name) {
    given = { users = { ada, bob } }, params = case.params, status = "failed", error = case.error, changes = {},
  }
end
