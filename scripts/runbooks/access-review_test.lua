local people = {
  {
    id = 7, login = "ada", name = "Ada Sato", role = "site-admin", sites = { 1, 3 }, asset_groups = { 2 },
    locked = true,
  },
  { id = 8, login = "bob", role = "global-admin", enabled = false, source = "admin" },
}
local admin = {
  id = 1, login = "admin", name = "Default Administrator", email = "admin@example.com", enabled = true, locked = false,
  source = "admin", role = "global-admin", role_name = "Global Administrator", superuser = true, sites = "all",
  asset_groups = "all",
}
local ada = {
  id = 7, login = "ada", name = "Ada Sato", email = "ada@example.com", enabled = true, locked = true, source = "normal",
  role = "site-admin", role_name = "Site Administrator", superuser = false, sites = { 1, 3 }, asset_groups = { 2 },
}
local bob = {
  id = 8, login = "bob", name = "bob", email = "bob@example.com", enabled = false, locked = false, source = "admin",
  role = "global-admin", role_name = "Global Administrator", superuser = true, sites = "all", asset_groups = "all",
}

test "has an entry for every user" {
  given   = { users = people },
  changes = {},
  result  = {
    users  = { admin, ada, bob },
    totals = { users = 3, enabled = 2, locked = 1, global_administrators = 2, disabled_administrators = 1 },
  },
}

test "reviews one role" {
  given   = { users = people },
  params  = { role = "site-admin" },
  changes = {},
  result  = {
    users  = { ada },
    totals = { users = 1, enabled = 1, locked = 1, global_administrators = 0, disabled_administrators = 0 },
  },
}

test "warns when nobody has the role, which may be misspelt" {
  given      = { users = people },
  params     = { role = "site_admin" },
  result_has = { users = {}, totals = { users = 0 } },
  log        = { "no user has this role" },
}

test "writes a table for a spreadsheet" {
  given   = { users = people },
  params  = { format = "csv" },
  changes = {},
  result  = [[
id,login,name,email,enabled,locked,source,role,role_name,superuser,sites,asset_groups
1,admin,Default Administrator,admin@example.com,true,false,admin,global-admin,Global Administrator,true,all,all
7,ada,Ada Sato,ada@example.com,true,true,normal,site-admin,Site Administrator,false,1;3,2
8,bob,bob,bob@example.com,false,false,admin,global-admin,Global Administrator,true,all,all
]],
}

test "writes the header of an empty table" {
  given  = { users = people },
  params = { format = "csv", role = "nobody" },
  result = "id,login,name,email,enabled,locked,source,role,role_name,superuser,sites,asset_groups\n",
}

test "lets no name become a formula of the spreadsheet" {
  given  = { users = { { id = 7, login = "mallory", name = '=HYPERLINK("//evil.example";"ada, admin")' } } },
  params = { format = "csv", role = "user" },
  check  = function(run)
    local cell = [["'=HYPERLINK(""//evil.example"";""ada, admin"")"]]
    assert(run.result:find(cell, 1, true), run.result)
  end,
}

test "leaves out what the console does not say" {
  given  = { users = { { id = 7, login = "nomail", email = null, source = "kerberos", role = "tier-1-support" } } },
  params = { role = "tier-1-support" },
  result_has = {
    users = { { login = "nomail", source = "kerberos", role_name = "Tier 1 Support", sites = {}, asset_groups = {} } },
  },
  check  = function(run) assert(run.result.users[1].email == nil) end,
}

test "leaves the cell empty for what the console does not say" {
  given  = { users = { { id = 7, login = "nomail", email = null, role = "tier-1-support" } } },
  params = { role = "tier-1-support", format = "csv" },
  check  = function(run) assert(run.result:find("\n7,nomail,nomail,,true,false,", 1, true), run.result) end,
}

test "fails rather than leave something out when the console refuses" {
  given  = { users = people },
  refuse = { { "users.sites", 7, status = 401 } },
  status = "failed",
  error  = "users.sites: unauthorized (401)",
}

test "knows only the formats that there are" {
  given  = { users = people },
  params = { format = "xlsx" },
  status = "failed",
  error  = "must be one of json, csv",
}

test "goes through all pages of users" {
  given   = { simulated = { users = 600 } },
  changes = {},
  check   = function(run)
    assert(run.result.totals.users == 601 and #run.result.users == 601)
    for index = 2, 601 do assert(run.result.users[index - 1].id < run.result.users[index].id) end
  end,
}
