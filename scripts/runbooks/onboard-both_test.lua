local kim = {
  email = "Kim@example.com", login = "kim", name = "Kim Contractor", role = "site-admin", xpanse_role = "Viewer",
  sites = { 4, 1 }, asset_groups = { 2 }, password = "First-Password-1!",
}
local function with(changes)
  local params = {}
  for key, value in pairs(kim) do params[key] = value end
  for key, value in pairs(changes) do
    if value == null then value = nil end
    params[key] = value
  end
  return params
end
local invited = { users = {}, xpanse = { users = { { email = "kim@example.com" } } } }
local STEPS = {
  "console: create the account", "console: give sites", "console: give asset groups", "xpanse: give the role",
  "console: enable the account",
}
local nobody = { users = { kim = false }, xpanse = { ["kim@example.com"] = { role = null } } }

test "makes the account, disabled until all the rest is done" {
  given   = invited,
  params  = kim,
  changes = {
    { "users.create", { login = "kim", name = "Kim Contractor", email = "Kim@example.com", enabled = false } },
    { "users.set_sites", 2, { 1, 4 } },
    { "users.set_asset_groups", 2, { 2 } },
    { "xpanse.set_role", { "kim@example.com" }, "Viewer" },
    { "users.update", 2, { enabled = true } },
    { "users.set_sites", 2, { 1, 4 } },
    { "users.set_asset_groups", 2, { 2 } },
  },
  result  = {
    email = "kim@example.com", login = "kim", id = 2, role = "site-admin", xpanse_role = "Viewer", done = STEPS,
    skipped = {},
  },
  after   = {
    users  = {
      kim = { enabled = true, role = "site-admin", sites = { 1, 4 }, asset_groups = { 2 }, source = "normal" },
    },
    xpanse = { ["kim@example.com"] = { role = "Viewer" } },
  },
}

test "makes an account of a directory, with a password that nobody knows" {
  given  = invited,
  params = with { source = "saml", password = null, sites = null, asset_groups = null },
  after  = { users = { kim = { enabled = true, source = "saml", sites = {} } } },
}

test "gives access to all of them, as the role demands" {
  given  = invited,
  params = with { role = "global-admin", sites = { "all" }, asset_groups = { "all" } },
  after  = { users = { kim = { role = "global-admin", superuser = true, all_sites = true, source = "admin" } } },
}

test "takes the ids of sites as a command line gives them" {
  given  = invited,
  params = with { sites = { "4", "1", "4" } },
  after  = { users = { kim = { sites = { 1, 4 } } } },
}

local there = { id = 7, login = "kim", email = "kim@example.com", role = "site-admin", sites = { 1, 5 } }

test "has nothing to do for whom is there already" {
  given   = {
    users  = { { id = 7, login = "kim", role = "site-admin", sites = { 1, 4 }, asset_groups = { 2 } } },
    xpanse = { users = { { email = "kim@example.com", role = "Viewer" } } },
  },
  params  = kim,
  changes = {},
  result_has = {
    id = 7, done = {},
    skipped = {
      { step = STEPS[1], reason = "it is there already" },
      { step = "console: the name", reason = "it is kim, and stays" },
      { step = "console: the password", reason = "the account keeps the one that it has" },
      { step = STEPS[2], reason = "it has them already" },
      { step = STEPS[3], reason = "it has them already" }, { step = STEPS[4], reason = "the person has it already" },
      { step = STEPS[5], reason = "it is enabled already" },
    },
  },
}

test "names what differs in an account that is there, and leaves it" {
  given      = {
    users  = { { id = 7, login = "kim", name = "Kim Contractor", role = "site-admin", all_sites = true } },
    xpanse = { users = { { email = "kim@example.com", role = "Viewer" } } },
  },
  params     = with { source = "Single Sign-On", password = null, asset_groups = null },
  changes    = {},
  result_has = {
    skipped = {
      { step = STEPS[1], reason = "it is there already" },
      { step = "console: the source", reason = "the account logs in with Builtin Users, and keeps that" },
      { step = STEPS[2], reason = "it reaches all of them already" },
      { step = STEPS[3], reason = "none are asked for" }, { step = STEPS[4], reason = "the person has it already" },
      { step = STEPS[5], reason = "it is enabled already" },
    },
  },
}

test "widens the access of an account that is there if it is told to" {
  given  = { users = { there }, xpanse = invited.xpanse },
  params = with { sites = { "all" }, asset_groups = null },
  after  = { users = { kim = { all_sites = true, all_asset_groups = false } } },
}

test "narrows it again when Xpanse refuses" {
  given  = { users = { there }, xpanse = invited.xpanse },
  params = with { sites = { "all" }, asset_groups = null },
  refuse = { { "xpanse.set_role", status = 403 } },
  status = "failed",
  error  = "All that was done before was taken back",
  after  = { users = { kim = { all_sites = false, sites = { 1, 5 } } } },
  plan   = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

test "does what is missing of what was begun by hand, and takes nothing" {
  given   = { users = { there }, xpanse = { users = { { email = "kim@example.com" } } } },
  params  = kim,
  changes = {
    { "users.set_sites", 7, { 1, 4, 5 } }, { "users.set_asset_groups", 7, { 2 } },
    { "xpanse.set_role", { "kim@example.com" }, "Viewer" },
  },
  after   = { users = { kim = { sites = { 1, 4, 5 }, asset_groups = { 2 } } } },
}

test "goes on with a disabled account only if it is told to" {
  given   = {
    users  = { { id = 7, login = "kim", role = "site-admin", enabled = false } },
    xpanse = { users = { { email = "kim@example.com" } } },
  },
  params  = kim,
  status  = "failed",
  error   = "there is a disabled account with this login, address and role: give take_up=true to go on with it",
  changes = {},
}

test "goes on with a disabled account if it is told to" {
  given  = {
    users  = { { id = 7, login = "kim", role = "site-admin", enabled = false } },
    xpanse = { users = { { email = "kim@example.com", role = "Viewer" } } },
  },
  params = with { take_up = true },
  result_has = { done = { STEPS[2], STEPS[3], STEPS[5] } },
  after  = { users = { kim = { enabled = true, sites = { 1, 4 }, asset_groups = { 2 } } } },
}

test "takes the account back when Xpanse refuses" {
  given   = invited,
  params  = kim,
  refuse  = { { "xpanse.set_role", status = 403, message = "Not with this key." } },
  status  = "failed",
  error   = "kim@example.com was not onboarded: xpanse: give the role: xpanse.set_role: forbidden (403)",
  changes = {
    { "users.create" }, { "users.set_sites", 2 }, { "users.set_asset_groups", 2 }, { "users.delete", 2 },
  },
  log     = { "taken back step=console: create the account" },
  check   = function(run) assert(run.error:find("All that was done before was taken back", 1, true)) end,
  after   = nobody,
  plan    = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

test "takes both sides back when the account cannot be enabled" {
  given   = invited,
  params  = with { sites = null, asset_groups = null },
  refuse  = { { "users.update", 2, { enabled = true }, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "kim@example.com was not onboarded: console: enable the account",
  changes = {
    { "users.create" }, { "xpanse.set_role" }, { "xpanse.remove_role", { "kim@example.com" } }, { "users.delete", 2 },
  },
  after   = nobody,
  plan    = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

test "takes the account back when a site is not there" {
  given   = invited,
  params  = with { sites = { 99 } },
  status  = "failed",
  error   = "kim@example.com was not onboarded: console: give sites: users.set_sites: not_found (404)",
  changes = { { "users.create" }, { "users.delete", 2 } },
  after   = nobody,
  plan    = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

test "has nothing to take back when the account is refused" {
  given   = invited,
  params  = kim,
  refuse  = { { "users.create", status = 400, message = "The licence has no more users." } },
  status  = "failed",
  error   = "The licence has no more users. Nothing had been done before",
  changes = {},
  after   = nobody,
}

test "says what could not be taken back" {
  given   = invited,
  params  = kim,
  refuse  = { { "xpanse.set_role", status = 403 }, { "users.delete", 2, status = 400, message = "Not now." } },
  status  = "failed",
  error   = "This could not be taken back, so do it by hand: console: create the account (users.delete: bad_request",
  after   = { users = { kim = { enabled = false } } },
  plan    = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

test "gives an account that was there its former access back" {
  given   = { users = { there }, xpanse = { users = { { email = "kim@example.com" } } } },
  params  = kim,
  refuse  = { { "xpanse.set_role", status = 403 } },
  status  = "failed",
  error   = "All that was done before was taken back",
  after   = { users = { kim = { enabled = true, sites = { 1, 5 }, asset_groups = {} } } },
  plan    = "a plan lists no change that takes back: the run stops, and the account stays disabled",
}

local function member(email, role) return { email = email, role = role } end
local twice = { users = {}, xpanse = { users = { member "kim@example.com", member "KIM@example.com" } } }
local other_role = { users = {}, xpanse = { users = { member("kim@example.com", "Responder") } } }
local login_taken = {
  users  = { { id = 7, login = "kim", email = "kim.other@example.com", role = "site-admin" } },
  xpanse = invited.xpanse,
}
local address_taken = { users = { { id = 7, login = "kimc", email = "KIM@example.com" } }, xpanse = invited.xpanse }
local refusals = {
  { "whom Xpanse does not know", { users = {} }, {}, "Xpanse has no user with the address, and its API makes none" },
  { "whom Xpanse knows twice", twice, {}, "2 Xpanse users have the address: settle that first" },
  {
    "who has another Xpanse role", other_role, {},
    "the person has the Xpanse role Responder already: mover gives another one",
  },
  {
    "whose login is taken", login_taken, {},
    "the login kim is taken, by an account with the address kim.other@example.com and the role site-admin",
  },
  { "whose address is taken", address_taken, {}, "the console user kimc has the address already" },
  {
    "a console role that is not there", invited, { role = "site admin" },
    "the console role 'site admin' cannot be read",
  },
  { "an Xpanse role that is not there", invited, { xpanse_role = "Boss" }, "the Xpanse role 'Boss' cannot be read" },
  { "an empty Xpanse role, which would take one", invited, { xpanse_role = "" }, "xpanse_role is empty" },
  {
    "the role that the API cannot give", invited, { xpanse_role = "Account Admin" },
    "the API cannot give the Xpanse role Account Admin",
  },
  { "what is no id of a site", invited, { sites = { "Berlin" } }, "sites holds 'Berlin', which is no id" },
  { "the id of a site in another notation", invited, { sites = { "0x1F" } }, "sites holds '0x1F', which is no id" },
  {
    "to widen the access unasked", invited, { role = "global-admin", sites = null, asset_groups = null },
    "the role global-admin demands access to all sites: give sites=all",
  },
  {
    "a login that differs in case only", login_taken, { login = "Kim" },
    "there is the login kim, which differs in case only: use that one, or another",
  },
  {
    "a source that is not there", invited, { source = "radius" },
    "there is no authentication source 'radius': give the id of one of 1 (Builtin Administrators)",
  },
}
for _, case in ipairs(refusals) do
  test("refuses " .. case[1]) {
    given   = case[2],
    params  = with(case[3]),
    status  = "failed",
    error   = case[4],
    changes = {},
  }
end
