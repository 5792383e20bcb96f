local SEED = "JBSWY3DPEHPK3PXP"

local ada = { id = 7, login = "ada", role = "site-admin", email = "Ada@example.com", sites = { 1, 3 }, seed = SEED }
local bob = { id = 8, login = "bob", role = "user" }
local eve = { id = 9, login = "eve", role = "user", seed = SEED }
local zoe = { id = 10, login = "zoe", role = "global-admin", source = "admin", seed = SEED }
local members = {
  { email = "ada@example.com", role = "Security Admin" },
  { email = "bob@example.com", role = "Viewer" },
  { email = "eve@example.com", role = "Viewer" },
  { email = "kim@partner.example", role = "Responder" },
}
local both = { users = { ada, bob, eve }, xpanse = { users = members } }
local closed = { enabled = false, role = "site-admin", sites = { 1, 3 }, seed = "changed" }

test "locks everybody on the list out of both, from the command line and from a file" {
  given     = both,
  params    = {
    emails = { "ADA@example.com" },
    list   = {
      name = "phished.csv",
      text = "name,email\nBob,bob@example.com\n\"Kim, C.\", Kim@partner.example \nAda,ada@example.com\n",
    },
  },
  changes   = {
    { "users.update", 7, { enabled = false } },
    { "users.set_sites", 7, { 1, 3 } },
    { "twofa.regenerate", 7 },
    { "users.update", 8, { enabled = false } },
    { "xpanse.remove_role", { "ada@example.com" } },
    { "xpanse.remove_role", { "bob@example.com" } },
    { "xpanse.remove_role", { "kim@partner.example" } },
  },
  unordered = true,
  result    = {
    done = {
      { email = "ada@example.com", step = "console: disable ada" },
      { email = "ada@example.com", step = "console: renew the seed of ada" },
      { email = "ada@example.com", step = "xpanse: take the role of ada@example.com" },
      { email = "bob@example.com", step = "console: disable bob" },
      { email = "bob@example.com", step = "xpanse: take the role of bob@example.com" },
      { email = "kim@partner.example", step = "xpanse: take the role of kim@partner.example" },
    },
    skipped = {}, by_hand = {}, totals = { addresses = 3, done = 6, skipped = 0, by_hand = 0 },
  },
  after     = {
    users  = { ada = closed, bob = { enabled = false }, eve = { enabled = true, seed = "same" } },
    xpanse = { ["ada@example.com"] = { role = null }, ["eve@example.com"] = { role = "Viewer" } },
  },
}

test "has nothing to do for who is locked out already" {
  given   = {
    users  = { { id = 7, login = "ada", enabled = false, seed = SEED } },
    xpanse = { users = { { email = "ada@example.com" } } },
  },
  params  = { emails = { "ada@example.com" } },
  changes = {},
  result  = {
    done = {}, by_hand = {}, totals = { addresses = 1, done = 0, skipped = 2, by_hand = 0 },
    skipped = {
      {
        email = "ada@example.com",
        reason = "console: ada is disabled already, and its two-factor seed was left alone",
      },
      { email = "ada@example.com", reason = "xpanse: has no role" },
    },
  },
}

test "renews the seeds of disabled accounts if it is told to" {
  given   = {
    users = { { id = 7, login = "ada", enabled = false, seed = SEED }, { id = 8, login = "bob", enabled = false } },
  },
  params  = { emails = { "ada@example.com", "bob@example.com" }, renew_disabled = true },
  changes = { { "twofa.regenerate", 7 } },
  again   = { changes = { { "twofa.regenerate", 7 } } },
}

test "does the rest after half of it was done by hand" {
  given     = {
    users  = { { id = 7, login = "ada", enabled = false }, bob },
    xpanse = { users = { { email = "ada@example.com", role = "Viewer" }, { email = "bob@example.com" } } },
  },
  params    = { emails = { "ada@example.com", "bob@example.com" } },
  changes   = { { "users.update", 8, { enabled = false } }, { "xpanse.remove_role", { "ada@example.com" } } },
  unordered = true,
}

test "locks out all accounts of an address" {
  given     = {
    users  = { ada, { id = 8, login = "ada-admin", email = "ADA@example.com" } },
    xpanse = { users = { members[1], { email = "Ada@Example.com", role = "Viewer" } } },
  },
  params    = { emails = { "ada@example.com" } },
  changes   = {
    { "users.update", 7, { enabled = false } }, { "users.set_sites", 7 }, { "twofa.regenerate", 7 },
    { "users.update", 8, { enabled = false } },
    { "xpanse.remove_role", { "ada@example.com", "Ada@Example.com" } },
  },
  after     = { xpanse = { ["ada@example.com"] = { role = null }, ["Ada@Example.com"] = { role = null } } },
}

test "carries on when all of Xpanse fails, and lists what is not done" {
  given  = both,
  params = { emails = { "ada@example.com", "bob@example.com" } },
  refuse = { { "xpanse.users", status = 401 } },
  status = "failed",
  error  = "not everybody is locked out: 1 of 4 steps are not done: everybody: xpanse (the users cannot be read",
  after  = {
    users = { ada = closed, bob = { enabled = false } },
    xpanse = { ["ada@example.com"] = { role = "Security Admin" } },
  },
}

test "carries on when all of the console fails" {
  given     = both,
  params    = { emails = { "ada@example.com", "kim@partner.example" } },
  refuse    = { { "users.page", status = 401 } },
  status    = "failed",
  error     = "everybody: console (the users cannot be read: users.page: unauthorized (401)",
  changes   = {
    { "xpanse.remove_role", { "ada@example.com" } }, { "xpanse.remove_role", { "kim@partner.example" } },
  },
  unordered = true,
}

test "carries on with the others when one is refused" {
  given     = both,
  params    = { emails = { "ada@example.com", "bob@example.com" } },
  refuse    = {
    { "users.update", 7, status = 400, message = "Not now." },
    { "xpanse.remove_role", { "bob@example.com" }, status = 403 },
  },
  status    = "failed",
  error     = "2 of 5 steps are not done: ada@example.com: console: disable ada (users.update: bad_request (400)",
  changes   = {
    { "twofa.regenerate", 7 }, { "users.update", 8 }, { "xpanse.remove_role", { "ada@example.com" } },
  },
  unordered = true,
  after     = { users = { ada = { enabled = true, seed = "changed" }, bob = { enabled = false } } },
}

test "lists an address that nobody has, and locks out the others" {
  given  = { users = { bob, { id = 9, login = "svc", email = null } }, xpanse = { users = members } },
  params = { emails = { "bbo@example.com", "bob@example.com" } },
  status = "failed",
  error  = "bbo@example.com: find the person (nobody has this address: is it spelt right?)",
  after  = { users = { bob = { enabled = false } }, xpanse = { ["bob@example.com"] = { role = null } } },
}

test "names the groups in Xpanse, from which nobody is taken" {
  given  = { users = {}, xpanse = { users = { { email = "kim@partner.example", groups = { "Night Shift" } } } } },
  params = { emails = { "kim@partner.example" } },
  result_has = {
    by_hand = {
      { email = "kim@partner.example", step = "take kim@partner.example out of the Xpanse group Night Shift" },
    },
  },
}

test "leaves Account Admins alone" {
  given   = { users = {}, xpanse = { users = { { email = "kim@partner.example", role = "Account Admin" } } } },
  params  = { emails = { "kim@partner.example" } },
  status  = "failed",
  error   = "it is Account Admin, which the API cannot give back: give account_admins=true",
  changes = {},
}

test "takes the role of an Account Admin if it is told to" {
  given   = { users = {}, xpanse = { users = { { email = "kim@partner.example", role = "Account Admin" } } } },
  params  = { emails = { "kim@partner.example" }, account_admins = true },
  changes = { { "xpanse.remove_role", { "kim@partner.example" } } },
}

test "leaves global administrators alone as long as it does not know as whom it runs" {
  given   = { users = { zoe, bob } },
  params  = { emails = { "zoe@example.com", "bob@example.com" } },
  status  = "failed",
  error   = "zoe@example.com: console: disable zoe (it may be the account that this runs as: give runs_as=LOGIN)",
  changes = { { "users.update", 8 } },
}

test "locks out a global administrator who is not the account that it runs as" {
  given  = { users = { zoe } },
  params = { emails = { "zoe@example.com" }, runs_as = "admin" },
  after  = { users = { zoe = { enabled = false, seed = "changed" }, admin = { enabled = true } } },
}

test "never locks out the account that it runs as, if nobody says so" {
  given   = { users = { zoe } },
  params  = { emails = { "admin@example.com" }, runs_as = "admin", xpanse = false },
  status  = "failed",
  error   = "admin@example.com: console: disable admin (this runs as it: give own_account=true to lock it out too)",
  changes = {},
}

test "knows as whom it runs if there is one global administrator only" {
  given   = { users = { bob } },
  params  = { emails = { "admin@example.com" }, xpanse = false },
  status  = "failed",
  error   = "this runs as it",
  changes = {},
}

test "does not take a locked administrator for the account that it runs as" {
  given   = { users = { { id = 10, login = "zoe", role = "global-admin", source = "admin", locked = true } } },
  params  = { emails = { "admin@example.com", "zoe@example.com" }, xpanse = false },
  status  = "failed",
  error   = "1 of 2 steps are not done: admin@example.com: console: disable admin (this runs as it",
  changes = { { "users.update", 10, { enabled = false } } },
}

test "locks out the account that it runs as at last, if it is told to" {
  given   = { users = { zoe, ada } },
  params  = {
    emails = { "admin@example.com", "ada@example.com" }, runs_as = "admin", own_account = true, xpanse = false,
  },
  changes = {
    { "users.update", 7 }, { "users.set_sites", 7 }, { "twofa.regenerate", 7 },
    { "users.update", 1, { enabled = false } },
  },
  again   = "the account that it runs as is locked out",
  kill    = "the account that it runs as is locked out, so that nothing can be sent again",
}

test "never locks out the last enabled global administrator, if nobody says so" {
  given   = { users = { zoe } },
  params  = {
    emails = { "admin@example.com", "zoe@example.com" }, runs_as = "admin", own_account = true, xpanse = false,
  },
  status  = "failed",
  error   = "it is the last enabled global administrator: give last_administrator=true to lock it out too",
  changes = { { "users.update", 10, { enabled = false } }, { "twofa.regenerate", 10 } },
}

test "leaves no global administrator if it is told to" {
  given   = { users = { zoe } },
  params  = {
    emails = { "admin@example.com", "zoe@example.com" }, runs_as = "admin", own_account = true,
    last_administrator = true,
    xpanse = false,
  },
  changes = {
    { "users.update", 10, { enabled = false } }, { "twofa.regenerate", 10 },
    { "users.update", 1, { enabled = false } },
  },
  again   = "the account that it runs as is locked out",
  kill    = "the account that it runs as is locked out, so that nothing can be sent again",
}

test "does not believe in an account that is none" {
  given   = { users = { zoe, bob } },
  params  = { emails = { "bob@example.com" }, runs_as = "root" },
  status  = "failed",
  error   = "nobody was locked out: no enabled global administrator has the login root",
  changes = {},
}

test "looks at all addresses before anything is done" {
  given   = both,
  params  = {
    emails = { "ada@example.com", "bob" },
    list   = { name = "phished.csv", text = "email\r\nbob@example.com\r\n\r\nbob at example.com\r\n" },
  },
  status  = "failed",
  error   = "nobody was locked out: emails, number 2: 'bob' is no email address; phished.csv, line 4: 'bob at "
    .. "example.com'",
  changes = {},
}

test "names the line of a fault in the file" {
  given   = both,
  params  = { list = { name = "phished.csv", text = "email,name\nada@example.com\n" } },
  status  = "failed",
  error   = "nobody was locked out: phished.csv: line 2 has 1 cell, and the header has 2",
  changes = {},
}

test "needs the column email" {
  given   = both,
  params  = { list = { name = "phished.csv", text = "Mail\nada@example.com\n" } },
  status  = "failed",
  error   = "nobody was locked out: phished.csv: line 1: the column is missing: email",
  changes = {},
}

test "needs addresses" {
  given   = both,
  params  = { list = { name = "empty.csv", text = "email\n" } },
  status  = "failed",
  error   = "nobody is to be locked out: give addresses",
  changes = {},
}

test "finds everybody on whichever page" {
  given  = { simulated = { users = 1100 } },
  params = { emails = { "max@partner.example" } },
  result_has = { done = { { email = "max@partner.example", step = "xpanse: take the role of max@partner.example" } } },
}
