local ROLE = "security-manager"
local locked = {
  { id = 7, login = "eve", role = ROLE, locked = true },
  { id = 8, login = "bob", role = ROLE, locked = true, enabled = false },
  { id = 9, login = "ada", role = ROLE, locked = true },
}

test "unlocks the enabled ones and names the disabled ones" {
  given   = { users = locked },
  params  = { role = ROLE },
  changes = { { "users.unlock", 7 }, { "users.unlock", 9 } }, unordered = true,
  result  = {
    unlocked = { { id = 9, login = "ada" }, { id = 7, login = "eve" } },
    skipped  = { { id = 8, login = "bob", reason = "disabled" } },
    totals   = { unlocked = 2, skipped = 1 },
  },
  log     = { "skipped login=bob reason=disabled" },
  after   = { users = { ada = { locked = false }, eve = { locked = false }, bob = { locked = true } } },
}

test "leaves the locked users of other roles alone" {
  given = {
    users = {
      { id = 7, login = "ada", role = ROLE, locked = true },
      { id = 8, login = "joe", role = "user", locked = true },
    },
  },
  params  = { role = ROLE },
  changes = { { "users.unlock", 7 } },
  result_has = { unlocked = { { id = 7, login = "ada" } }, skipped = {} },
}

test "has nothing to do where nobody is locked" {
  given   = { users = { { login = "ada", role = ROLE } } },
  params  = { role = ROLE },
  changes = {},
  result  = { unlocked = {}, skipped = {}, totals = { unlocked = 0, skipped = 0 } },
  check   = function(run)
    for _, line in ipairs(run.log) do
      assert(not tostring(line):find("no user has this role"), "it warns for nothing")
    end
  end,
}

test "warns when nobody has the role, which may be misspelt" {
  given   = { users = locked },
  params  = { role = "security-manger" },
  changes = {},
  result  = { unlocked = {}, skipped = {}, totals = { unlocked = 0, skipped = 0 } },
  log     = { "no user has this role" },
}

test "does the rest of what was begun by hand" {
  given = {
    users = {
      { id = 7, login = "ada", role = ROLE, locked = false },
      { id = 8, login = "eve", role = ROLE, locked = true },
    },
  },
  params  = { role = ROLE },
  changes = { { "users.unlock", 8 } },
  result_has = { unlocked = { { login = "eve" } }, skipped = {} },
}

local many = {}
for id = 7, 26 do many[#many + 1] = { id = id, login = "u" .. id, role = ROLE, locked = true } end

test "unlocks the others where the console refuses some, and fails with their names" {
  given   = { users = many },
  params  = { role = ROLE },
  refuse  = {
    { "users.unlock", 8, status = 404, message = "The resource does not exist or access is prohibited." },
    { "users.unlock", 11, status = 500 },
  },
  status  = "failed",
  error   = "18 unlocked, but the console refused u11 (users.unlock: unavailable (500)",
  check   = function(run)
    assert(#run.changes == 18, #run.changes .. " of 18 are unlocked")
    assert(tostring(run.error):find("; u8 (users.unlock: not_found (404)", 1, true), "u8 is not named")
  end,
  log     = { "refused login=u11", "refused login=u8" },
  after   = { users = { u8 = { locked = true }, u11 = { locked = true }, u26 = { locked = false } } },
}

test "stops where the run lacks a permission" {
  given   = { users = many },
  params  = { role = ROLE },
  refuse  = { { "users.unlock", status = 401 } },
  status  = "failed",
  error   = "users.unlock: unauthorized (401)",
  changes = {},
}

test "is not put off by what consoles leave out" {
  given = {
    users = {
      { id = 7, login = "nomail", role = "Site Admin Custom", locked = true, email = null },
      { id = 8, login = "directory", role = "Site Admin Custom", locked = true, source = "ldap" },
    },
  },
  params  = { role = "Site Admin Custom" },
  changes = { { "users.unlock", 7 }, { "users.unlock", 8 } }, unordered = true,
  result_has = { unlocked = { { login = "directory" }, { login = "nomail" } }, skipped = {} },
}

test "goes through all pages of users" {
  given  = { simulated = { users = 600, locked_in_role = { ["tier-1-support"] = 6 } } },
  params = { role = "tier-1-support" },
  check  = function(run)
    assert(#run.result.unlocked == 6 and #run.changes == 6, "unlocked " .. #run.result.unlocked .. " of 6")
  end,
}

test "asks for a role" {
  given   = { users = locked },
  status  = "failed",
  error   = "'role' is missing",
  changes = {},
}
