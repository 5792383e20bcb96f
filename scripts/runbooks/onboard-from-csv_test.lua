local site_names = { name = "sites.csv", text = "name,id\nBerlin,1\nMunich,3\n" }
local owner = { id = "site-owner", name = "Site Owner", description = "Makes sites.", privileges = { "manage-sites" } }

local function file(...)
  return {
    name = "people.csv", text = "login,name,email,role,sites,asset_groups\n" .. table.concat({ ... }, "\n") .. "\n",
  }
end

local ada = "ada,Ada Byron,ada@example.com,Security Manager,Berlin;4,all"
local bob = "bob,\"Bob \"\"Bo\"\" Ray\",bob@example.com,user,,2"

test "creates the accounts with role, sites and asset groups" {
  params  = { people = file(ada, "", bob), site_names = site_names },
  changes = {
    { "users.create", {
      login = "ada", name = "Ada Byron", email = "ada@example.com", enabled = true, passwordResetOnLogin = true,
      role = { id = "security-manager", allSites = false, allAssetGroups = true },
    } },
    { "users.set_sites", 2, { 1, 4 } },
    { "users.create", { login = "bob", name = "Bob \"Bo\" Ray", role = { id = "user", allAssetGroups = false } } },
    { "users.set_asset_groups", 3, { 2 } },
  },
  result  = {
    created = {
      { line = 2, login = "ada", id = 2, changed = { "account", "sites" }, left_alone = {} },
      { line = 4, login = "bob", id = 3, changed = { "account", "asset_groups" }, left_alone = {} },
    },
    updated = {}, unchanged = {}, refused = {}, not_done = {},
    totals = { created = 2, updated = 0, unchanged = 0, refused = 0, not_done = 0 },
  },
  after   = {
    users = { ada = { sites = { 1, 4 }, all_asset_groups = true }, bob = { sites = {}, asset_groups = { 2 } } },
  },
}

test "has nothing to do where every account is as wanted" {
  given   = {
    users = {
      {
        id = 2, login = "ada", name = "Ada Byron", role = "security-manager", sites = { 1, 4 }, all_asset_groups = true,
      },
      { id = 3, login = "bob", name = "Bob \"Bo\" Ray", role = "user", sites = { 5 }, asset_groups = { 2 } },
    },
  },
  params  = { people = file(ada, bob), site_names = site_names },
  changes = {},
  result  = {
    created = {}, updated = {}, refused = {}, not_done = {},
    unchanged = {
      { line = 2, login = "ada", id = 2, changed = {}, left_alone = {} },
      { line = 3, login = "bob", id = 3, changed = {}, left_alone = {} },
    },
    totals = { created = 0, updated = 0, unchanged = 2, refused = 0, not_done = 0 },
  },
}

test "gives existing accounts what they lack, and leaves what may have been meant" {
  given   = {
    users = {
      {
        id = 2, login = "ada", name = "Ada King", email = null, role = "user", sites = { 5 }, asset_groups = { 1 },
        enabled = false,
      },
      { id = 3, login = "bob", name = "Bob \"Bo\" Ray", role = "user", all_asset_groups = true, locked = true },
    },
  },
  params  = { people = file(ada, bob), site_names = site_names },
  changes = {
    { "users.update", 2, {
      name = "Ada Byron", email = "ada@example.com", enabled = false,
      role = { id = "security-manager", allAssetGroups = true },
    } },
    { "users.set_sites", 2, { 5 } },
    { "users.set_sites", 2, { 1, 4, 5 } },
  },
  result_has = {
    updated = {
      {
        line = 2, login = "ada", id = 2, changed = { "email", "name", "role", "sites" },
        left_alone = { "the account is disabled", "has more sites: 5" },
      },
    },
    unchanged = {
      { line = 3, login = "bob", id = 3, left_alone = { "the account is locked", "has access to all asset groups" } },
    },
  },
  after   = { users = { ada = { enabled = false, sites = { 1, 4, 5 }, all_asset_groups = true } } },
}

test "goes on where an earlier run ended" {
  given   = {
    users = { { id = 2, login = "ada", name = "Ada Byron", role = "security-manager", all_asset_groups = true } },
  },
  params  = { people = file(ada, bob), site_names = site_names },
  changes = {
    { "users.set_sites", 2, { 1, 4 } }, { "users.create", { login = "bob" } }, { "users.set_asset_groups", 3 },
  },
  result_has = { totals = { created = 1, updated = 1, unchanged = 0, refused = 0, not_done = 0 } },
}

local reserved = { "users.create", { login = "ada" }, status = 400, message = "The name is reserved." }

test "fails with the name of whom the console refuses, and does the others" {
  params  = { people = file(ada, bob), site_names = site_names },
  refuse  = { reserved },
  status  = "failed",
  error   = "1 created, 0 updated, 0 unchanged, but the console refused ada (users.create: bad_request (400)",
  changes = { { "users.create", { login = "bob" } }, { "users.set_asset_groups", 2, { 2 } } },
  log     = { "The name is reserved" },
}

local ANOTHER = "each run generates another password"

test "lists whom the console refuses where the passwords of the others would be lost" {
  params  = { people = file(ada, bob), site_names = site_names, reveal = true },
  refuse  = { reserved },
  changes = { { "users.create", { login = "bob" } }, { "users.set_asset_groups", 2, { 2 } } },
  result_has = {
    totals = { created = 1, updated = 0, unchanged = 0, refused = 1, not_done = 0 },
    created = { { line = 3, login = "bob", id = 2, changed = { "account", "asset_groups" } } },
  },
  check   = function(run)
    local refused = run.result.refused[1]
    assert(refused.line == 2 and refused.login == "ada" and #refused.changed == 0, "ada is refused")
    assert(refused.reason:find("The name is reserved", 1, true), refused.reason)
    assert(run.result.created[1].password, "bob's password is lost")
  end,
  plan    = ANOTHER,
}

test "lists an account whose sites the console refuses once, with its password" {
  params  = { people = file("ada,Ada Byron,ada@example.com,user,77,"), must_change = false, reveal = true },
  changes = { { "users.create", { passwordResetOnLogin = false } } },
  result_has = {
    created = {}, refused = { { line = 2, login = "ada", id = 2, changed = { "account" } } },
    totals = { created = 0, updated = 0, unchanged = 0, refused = 1, not_done = 0 },
  },
  check   = function(run) assert(run.result.refused[1].password, "ada's password is lost") end,
  plan    = ANOTHER,
}

test "does not try the rest where the run lacks a permission" {
  params  = { people = file(ada, bob), site_names = site_names },
  refuse  = { { "users.create", status = 401 } },
  status  = "failed",
  error   = "0 created, 0 updated, 0 unchanged, but not done are ada (users.create: unauthorized",
  changes = {},
  check   = function(run)
    assert(tostring(run.error):find("; bob (not tried, because of the error before)", 1, true), "bob is not named")
  end,
}

local cyd = "cyd,Cyd,cyd@example.com,user,,"
local gone = { { "users.create", { login = "bob" }, status = 503 } }

test "names who is done and who is not when the console is gone" {
  params  = { people = file(ada, bob, cyd), site_names = site_names },
  refuse  = gone,
  status  = "failed",
  error   = "1 created, 0 updated, 0 unchanged, but not done are bob (users.create: unavailable",
  changes = { { "users.create", { login = "ada" } }, { "users.set_sites", 2 } },
}

test "keeps the passwords of the accounts before when the console is gone" {
  params  = { people = file(ada, bob, cyd), site_names = site_names, reveal = true },
  refuse  = gone,
  changes = { { "users.create", { login = "ada" } }, { "users.set_sites", 2 } },
  result_has = {
    totals = { created = 1, updated = 0, unchanged = 0, refused = 0, not_done = 2 },
    not_done = {
      { line = 3, login = "bob", changed = {} },
      { line = 4, login = "cyd", changed = {}, reason = "not tried, because of the error before" },
    },
  },
  check   = function(run) assert(run.result.created[1].password, "ada's password is lost") end,
  plan    = ANOTHER,
}

test "shows the passwords if asked, as CSV too" {
  given   = { users = { { id = 2, login = "bob", name = "Bob \"Bo\" Ray", role = "user", asset_groups = { 2 } } } },
  params  = { people = file(bob, ada), site_names = site_names, format = "csv", reveal = true },
  plan    = "each run generates another password",
  check   = function(run)
    local rows = csv.decode(run.result, { columns = { "line", "login", "outcome", "changed", "password" } })
    assert(#rows == 2 and rows[1].login == "bob" and rows[1].outcome == "unchanged", run.result)
    assert(rows[2].outcome == "created" and rows[2].changed == "account;sites", run.result)
    assert(rows[2].password ~= "" and rows[1].password == "", "a password for whom is created")
  end,
}

test "tells all faults of the file with their lines before anything is changed" {
  given   = {
    users = {
      { login = "Cyd", role = "user" }, { login = "dee", email = "other@example.com", role = "user" },
      { login = "eve", role = "user", superuser = true }, { login = "fay", email = "gil@example.com", role = "user" },
    },
    roles = { owner },
  },
  params  = {
    site_names = site_names,
    people = file(
      ada,
      "ada,,ada(at)example.com,boss,Rome,x",
      "hal wat,Hal,Ada@example.com,global-admin,,",
      "", "ida,Ida,ida@example.com,site-owner,-3;0x1F,1e1;0",
      "cyd,Cyd,cyd@example.com,user,,", "dee,Dee,dee@example.com,user,,", "eve,Eve,eve@example.com,user,,",
      "gil,Gil,gil@example.com,user,,"),
  },
  status  = "failed",
  error   = "onboarding from people.csv: nothing was changed: people.csv, line 3: the name is empty; "
    .. "people.csv, line 3: 'ada(at)example.com' is no email address; people.csv, line 3: there is no role 'boss'; "
    .. "people.csv, line 3: sites.csv names no site 'Rome'; "
    .. "people.csv, line 3: 'x' is no id, and there is no file with the names of asset groups; "
    .. "people.csv, line 3: the login ada stands in line 2 already; "
    .. "people.csv, line 4: the login 'hal wat' holds a space; "
    .. "people.csv, line 4: global administrators are onboarded one at a time: use onboard-user; "
    .. "people.csv, line 4: the address Ada@example.com stands in line 2 already; "
    .. "people.csv, line 6: sites.csv names no site '-3'; people.csv, line 6: sites.csv names no site '0x1F'; "
    .. "people.csv, line 6: the role site-owner demands all sites: write all under sites; "
    .. "people.csv, line 6: '1e1' is no id, and there is no file with the names of asset groups; "
    .. "people.csv, line 6: '0' is no id, and there is no file with the names of asset groups; "
    .. "people.csv, line 7: the console has the login Cyd: write it like that; "
    .. "people.csv, line 8: the login dee belongs to dee <other@example.com>; "
    .. "people.csv, line 9: eve is a global administrator, who is not changed in bulk; "
    .. "people.csv, line 10: the address gil@example.com belongs to the user fay",
  changes = {},
}

test "tells faults of the files of names, and a name that several roles have" {
  given   = {
    roles = {
      { id = "a", name = "Twin", description = "One.", privileges = {} },
      { id = "b", name = "Twin", description = "Two.", privileges = {} },
    },
  },
  params  = {
    people = file("ada,Ada,ada@example.com,twin,Rome,", "bob,Bob,bob@example.com,b,,Servers"),
    site_names = { name = "sites.csv", text = "name,id\nRome,one\n" },
    asset_group_names = { name = "groups.csv", text = "name,id\nServers,1\nLaptops,2\nservers,3\n" },
  },
  status  = "failed",
  error   = "nothing was changed: sites.csv, line 2: the id 'one' is no whole number from 1; "
    .. "people.csv, line 2: several roles have the name 'twin': give the id; "
    .. "people.csv, line 2: sites.csv names no site 'Rome'; "
    .. "groups.csv, line 4: the name servers stands for 1 too",
  changes = {},
}

for name, case in pairs {
  ["a missing column"] = {
    text = "login,name,email\nada,Ada,ada@example.com\n", error = "people.csv: line 1: the column is missing: role",
  },
  ["an unknown column"] = {
    text = "login,name,email,role,password\nada,Ada,ada@example.com,user,x\n",
    error = "line 1: there is no column 'password'",
  },
  ["a row that is too short"] = {
    text = "login,name,email,role\nada,Ada,ada@example.com,user\nbob,Bob\n",
    error = "people.csv: line 3 has 2 cells, and the header has 4",
  },
  ["a quote that is never closed"] = {
    text = "login,name,email,role\nada,\"Ada,ada@example.com,user\n",
    error = "people.csv: line 2: the quote that begins a cell here is never closed",
  },
} do
  test("refuses a file with " .. name) {
    params = { people = { name = "people.csv", text = case.text } }, status = "failed", error = case.error,
    changes = {},
  }
end

test "onboards into a console with several pages of users" {
  given   = { simulated = { users = 1200 } },
  params  = {
    people = file("new.one,New One,new.one@example.net,user,2,", "new.two,New Two,new.two@example.net,user,,"),
  },
  changes = { { "users.create" }, { "users.set_sites", 1202, { 2 } }, { "users.create" } },
  result_has = { totals = { created = 2, updated = 0, unchanged = 0, refused = 0, not_done = 0 } },
}
