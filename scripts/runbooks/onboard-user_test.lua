local site_names = { name = "sites.csv", text = "name,id\nBerlin,1\nMunich,3\n\"Hong Kong, China\",4\n" }
local group_names = { name = "groups.csv", text = "id,name\n2,Servers\n5,Laptops\n" }
local owner = { id = "site-owner", name = "Site Owner", description = "Makes sites.", privileges = { "manage-sites" } }

local function person(changes)
  local params = { login = "ada", name = "Ada Byron", email = "ada@example.com", role = "security-manager" }
  for field, value in pairs(changes or {}) do params[field] = value end
  return params
end

test "creates the account with role, sites and asset groups by name" {
  params  = person {
    role = "Security Manager", sites = { "berlin", "Hong Kong, China", "3" }, site_names = site_names,
    asset_groups = { "Servers" }, asset_group_names = group_names,
  },
  changes = {
    { "users.create", {
      login = "ada", name = "Ada Byron", email = "ada@example.com", enabled = true, passwordResetOnLogin = true,
      authentication = { type = "normal" }, role = { id = "security-manager", allSites = false, superuser = false },
    } },
    { "users.set_sites", 2, { 1, 3, 4 } },
    { "users.set_asset_groups", 2, { 2 } },
  },
  result  = {
    login = "ada", id = 2, action = "created", role = "security-manager",
    changes = {
      { field = "name", after = "Ada Byron" }, { field = "email", after = "ada@example.com" },
      { field = "role", after = "security-manager" }, { field = "sites", after = { 1, 3, 4 } },
      { field = "asset_groups", after = { 2 } },
    },
    left_alone = {}, not_done = {},
  },
  after   = {
    users = {
      ada = {
        role = "security-manager", email = "ada@example.com", enabled = true, sites = { 1, 3, 4 }, asset_groups = { 2 },
        source = "normal",
      },
    },
  },
}

test "takes a number for a site's name if there is one of that name" {
  params  = person {
    sites = { "2024", " 4" }, site_names = { name = "sites.csv", text = "name,id\n 2024, 1\n2025,2\n" },
  },
  changes = { { "users.create" }, { "users.set_sites", 2, { 1, 4 } } },
}

test "creates an account with all sites, a given password and another source" {
  params  = person {
    role = "site-owner", sites = { "all" }, password = "Correct-Horse-1", source = "Single Sign-On", reveal = true,
  },
  given   = { roles = { owner } },
  changes = {
    { "users.create", {
      authentication = { id = 5, type = "saml" }, passwordResetOnLogin = false,
      role = { id = "site-owner", allSites = true },
    } },
  },
  result  = {
    login = "ada", id = 2, action = "created", role = "site-owner",
    changes = {
      { field = "name", after = "Ada Byron" }, { field = "email", after = "ada@example.com" },
      { field = "role", after = "site-owner" }, { field = "sites", after = "all" },
    },
    left_alone = {}, not_done = {},
  },
}

test "shows a generated password if asked" {
  params  = person { reveal = true },
  changes = { { "users.create" } },
  plan    = "each run generates another password",
  check   = function(run) assert(run.result.password ~= nil, "the password is in the result") end,
}

test "creates a global administrator" {
  params  = person { role = "global-admin", sites = { "all" }, asset_groups = { "all" } },
  changes = {
    { "users.create", { authentication = { type = "admin" }, role = { superuser = true, allSites = true } } },
  },
  result_has = { action = "created" },
}

test "has nothing to do where the account is as wanted" {
  given   = {
    users = {
      { id = 2, login = "ada", name = "Ada Byron", role = "security-manager", sites = { 1 }, asset_groups = { 4 } },
    },
  },
  params  = person { email = "ADA@example.com", sites = { "1" } },
  changes = {},
  result  = {
    login = "ada", id = 2, action = "unchanged", role = "security-manager", changes = {}, left_alone = {},
    not_done = {},
  },
}

test "gives an existing account what it lacks, and leaves what may have been meant" {
  given   = {
    users = {
      {
        id = 2, login = "ada", name = "Ada King", email = null, role = "user", sites = { 5 }, asset_groups = { 1 },
        enabled = false, locked = true,
      },
    },
  },
  params  = person { sites = { "1" }, asset_groups = { "all" }, source = "saml" },
  changes = {
    { "users.update", 2, {
      name = "Ada Byron", email = "ada@example.com", enabled = false,
      role = { id = "security-manager", allAssetGroups = true },
    } },
    { "users.set_sites", 2, { 5 } },
    { "users.set_sites", 2, { 1, 5 } },
  },
  result  = {
    login = "ada", id = 2, action = "updated", role = "security-manager",
    changes = {
      { field = "name", before = "Ada King", after = "Ada Byron" }, { field = "email", after = "ada@example.com" },
      { field = "role", before = "user", after = "security-manager" },
      { field = "sites", before = { 5 }, after = { 1, 5 } },
      { field = "asset_groups", before = "single ones", after = "all" },
    },
    left_alone = {
      "the account is disabled", "the account is locked", "logs in with Builtin Users", "has more sites: 5",
    },
    not_done = {},
  },
  after   = {
    users = { ada = { enabled = false, locked = true, sites = { 1, 5 }, all_asset_groups = true, source = "normal" } },
  },
}

test "finishes what was begun by hand" {
  given   = { users = { { id = 2, login = "ada", name = "Ada Byron", role = "security-manager", sites = { 3 } } } },
  params  = person { sites = { "Berlin", "Munich" }, site_names = site_names },
  changes = { { "users.set_sites", 2, { 1, 3 } } },
  result_has = {
    action = "updated", changes = { { field = "sites", before = { 3 }, after = { 1, 3 } } }, left_alone = {},
  },
}

test "widens the access of an existing account" {
  given   = {
    users = { { id = 2, login = "ada", name = "Ada Byron", role = "security-manager", sites = { 3 } } },
    roles = { owner },
  },
  params  = person { role = "site-owner", sites = { "all" } },
  changes = { { "users.update", 2, { role = { id = "site-owner", allSites = true } } } },
  result_has = {
    action = "updated",
    changes = {
      { field = "role", before = "security-manager", after = "site-owner" },
      { field = "sites", before = "single ones", after = "all" },
    },
  },
  after   = { users = { ada = { role = "site-owner", all_sites = true } } },
}

test "leaves access to all sites" {
  given   = { users = { { id = 2, login = "ada", name = "Ada Byron", role = "security-manager", all_sites = true } } },
  params  = person { sites = { "1" } },
  changes = {},
  result_has = { action = "unchanged", left_alone = { "has access to all sites" } },
}

test "tells that nothing was changed where the console refuses the account" {
  params  = person { sites = { "1" } },
  refuse  = { { "users.create", status = 400, message = "The password is too short." } },
  status  = "failed",
  error   = "The password is too short (nothing was changed): settle that and run it again",
  changes = {},
}

test "tells that the account is there where the console refuses its sites" {
  params  = person { sites = { "77" } },
  status  = "failed",
  error   = "(done before: creating the account 2): settle that and run it again",
  changes = { { "users.create" } },
  after   = { users = { ada = { role = "security-manager", sites = {} } } },
}

test "hands over the password also where the console refuses the sites" {
  params  = person { sites = { "77" }, asset_groups = { "2" }, reveal = true },
  changes = { { "users.create" }, { "users.set_asset_groups", 2, { 2 } } },
  result_has = { action = "created", id = 2, not_done = { { step = "giving sites" } } },
  check   = function(run)
    assert(run.result.password ~= nil, "the password is in the result")
    for _, one in ipairs(run.result.changes) do assert(one.field ~= "sites", "the sites are not given") end
  end,
  log     = { "step=giving sites" },
  plan    = "each run generates another password",
  again   = { status = "failed", error = "giving sites" },
}

test "finds the login among several pages of users" {
  given   = { simulated = { users = 1200 } },
  params  = person { login = "new.one", email = "new.one@example.net", sites = { "2" } },
  changes = { { "users.create" }, { "users.set_sites", 1202, { 2 } } },
}

local existing = {
  { id = 2, login = "bob", name = "Bob", email = "bob@example.com", role = "user" },
  { id = 3, login = "eve", name = "Eve", role = "global-admin" },
}
for name, case in pairs {
  ["an unknown role"] = {
    params = { role = "boss" }, error = "there is no role 'boss': give the id of one of global-admin",
  },
  ["an unknown site"] = {
    params = { sites = { "Rome" }, site_names = site_names }, error = "sites.csv names no site 'Rome'",
  },
  ["a site's name without the file of names"] = { params = { sites = { "Rome" } }, error = "--param site_names=FILE" },
  ["an asset group's name without the file of names"] = {
    params = { asset_groups = { "PCs" } }, error = "--param asset_group_names=FILE",
  },
  ["all sites and single ones"] = { params = { sites = { "all", "1" } }, error = "all sites, or single ones" },
  ["a file of names with a faulty id"] = {
    params = { sites = { "Rome" }, site_names = { name = "sites.csv", text = "name,id\nBerlin,1\n\nRome,x\n" } },
    error = "sites.csv, line 4: the id 'x' is no whole number",
  },
  ["a file of names with an id below 1"] = {
    params = { sites = { "Rome" }, site_names = { name = "sites.csv", text = "name,id\nRome,0\n" } },
    error = "sites.csv, line 2: the id '0' is no whole number from 1",
  },
  ["a negative site"] = { params = { sites = { "-3" } }, error = "'-3' is no id" },
  ["the site 0"] = { params = { sites = { "0" } }, error = "'0' is no id" },
  ["a hexadecimal site"] = { params = { sites = { "0x1F" } }, error = "'0x1F' is no id" },
  ["an asset group with an exponent"] = { params = { asset_groups = { "1e1" } }, error = "'1e1' is no id" },
  ["a file of names with two ids for a name"] = {
    params = { sites = { "Rome" }, site_names = { name = "sites.csv", text = "name,id\nRome,1\nrome,2\n" } },
    error = "sites.csv, line 3: the name rome stands for 1 too",
  },
  ["a file of names without ids"] = {
    params = { sites = { "Rome" }, site_names = { name = "sites.csv", text = "name\nRome\n" } },
    error = "sites.csv: line 1: the column is missing: id",
  },
  ["a role that demands all sites"] = { params = { role = "site-owner" }, error = "give --param sites=all" },
  ["an unknown source"] = { params = { source = "okta" }, error = "there is no authentication source 'okta'" },
  ["a login that differs in case only"] = { params = { login = "Bob" }, error = "there is the login bob" },
  ["a login of somebody else"] = {
    params = { login = "bob" }, error = "the login belongs to Bob <bob@example.com>",
  },
  ["an address of somebody else"] = {
    params = { email = "Bob@Example.com" }, error = "bob has the address Bob@Example.com already",
  },
  ["an existing administrator"] = {
    params = { login = "eve", email = "eve@example.com" }, error = "neither makes nor unmakes a global administrator",
  },
} do
  test("refuses " .. name) {
    given = { users = existing, roles = { owner } }, params = person(case.params),
    status = "failed", error = case.error, changes = {},
  }
end
