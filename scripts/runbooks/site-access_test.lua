local people = {
  { id = 2, login = "ada", role = "user", sites = { 1 } },
  { id = 3, login = "bob", role = "user", sites = { 1, 4 }, enabled = false, email = null },
  { id = 4, login = "cyd", role = "user", all_sites = true },
  { id = 5, login = "dee", role = "site-admin", sites = { 1 } },
  { id = 6, login = "eve", role = "user" },
}
local everywhere = { id = 4, login = "cyd", reason = "has access to all sites" }

test "grants the site to whom it is missing, and shows the difference" {
  given   = { users = people },
  params  = { role = "user", site = 4, action = "grant" },
  changes = { { "users.add_site", 2, 4 }, { "users.add_site", 6, 4 } },
  unordered = true,
  result  = {
    role = "user", site = 4, action = "grant",
    changed = {
      { id = 2, login = "ada", before = { 1 }, after = { 1, 4 } },
      { id = 6, login = "eve", before = {}, after = { 4 } },
    },
    unchanged = { { id = 3, login = "bob" } }, skipped = { everywhere },
    totals = { changed = 2, unchanged = 1, skipped = 1 },
  },
  after   = { users = { ada = { sites = { 1, 4 } }, dee = { sites = { 1 } }, eve = { sites = { 4 } } } },
}

test "revokes the site from whoever has it" {
  given   = { users = people },
  params  = { role = "user", site = 1, action = "revoke" },
  changes = { { "users.remove_site", 2, 1 }, { "users.remove_site", 3, 1 } },
  unordered = true,
  result_has = {
    changed = {
      { id = 2, login = "ada", before = { 1 }, after = {} },
      { id = 3, login = "bob", before = { 1, 4 }, after = { 4 } },
    },
    unchanged = { { id = 6, login = "eve" } }, skipped = { everywhere },
  },
  after   = { users = { ada = { sites = {} }, bob = { sites = { 4 }, enabled = false }, cyd = { all_sites = true } } },
}

test "has nothing to do where everybody has the site" {
  given   = { users = { people[2] } },
  params  = { role = "user", site = 4, action = "grant" },
  changes = {},
  result_has = { changed = {}, unchanged = { { login = "bob" } } },
}

test "has nothing to do where nobody has the role" {
  given   = { users = people },
  params  = { role = "system-admin", site = 4, action = "grant" },
  changes = {},
  result_has = { changed = {}, unchanged = {}, skipped = {} },
}

test "goes on where an earlier run ended" {
  given   = { users = { { id = 2, login = "ada", role = "user", sites = { 1, 4 } }, people[5] } },
  params  = { role = "user", site = 4, action = "grant" },
  changes = { { "users.add_site", 6, 4 } },
  result_has = { unchanged = { { login = "ada" } } },
}

test "changes the others and fails with the name of whom the console refuses" {
  given   = { users = people },
  params  = { role = "user", site = 4, action = "grant" },
  refuse  = { { "users.add_site", 2, 4, status = 400, message = "The account is synchronised." } },
  status  = "failed",
  error   = "1 done, but the console refused ada (users.add_site: bad_request (400)",
  changes = { { "users.add_site", 6, 4 } },
  after   = { users = { ada = { sites = { 1 } }, eve = { sites = { 4 } } } },
}

test "stops where the console knows no such site" {
  given   = { users = { people[1] } },
  params  = { role = "user", site = 99, action = "grant" },
  status  = "failed",
  error   = "the console knows no such site",
  changes = {},
}

test "grants a site to the users of several pages" {
  given   = { simulated = { users = 600, seed = 3 } },
  params  = { role = "site-admin", site = 2, action = "grant" },
  kill    = "the cases above are killed and resumed at every change, in far less time",
  check   = function(run)
    local totals = run.result.totals
    assert(totals.changed == #run.changes, "each is changed once")
    assert(totals.changed > 5 and totals.unchanged > 5 and totals.skipped > 5, "there are some of each")
  end,
}

test "refuses an unknown role" {
  given = { users = people }, params = { role = "usr", site = 1, action = "grant" },
  status = "failed", error = "there is no such role", changes = {},
}
