local given = {
  users  = {
    { id = 2, login = "ada", email = "Ada@example.com" },
    { id = 3, login = "bob", enabled = false },
    { id = 4, login = "svc", email = null, role = "site-admin" },
    { id = 5, login = "ada2", email = "ada@example.com" },
    { id = 6, login = "dot" },
    { id = 7, login = "eve" },
    { id = 8, login = "gus", enabled = false },
  },
  xpanse = {
    users = {
      { email = "ada@EXAMPLE.com", role = "Viewer" },
      { email = "bob@example.com", role = "Viewer" },
      { email = "eve@example.com" },
      { email = "gus@example.com", groups = { "Night Shift" } },
      { email = "kim@partner.example", role = "Responder" },
    },
  },
}

test "lists all that does not fit" {
  given   = given,
  changes = {},
  result  = {
    only_on_console = { { email = "dot@example.com", id = 6, login = "dot", enabled = true, role = "user" } },
    only_in_xpanse  = { { email = "kim@partner.example", xpanse_role = "Responder", xpanse_groups = {} } },
    console_duplicate = {
      { email = "ada@example.com", users = { { id = 2, login = "ada" }, { id = 5, login = "ada2" } } },
    },
    xpanse_duplicate  = {},
    disabled_with_xpanse_access = {
      {
        email = "bob@example.com", id = 3, login = "bob", enabled = false, role = "user", xpanse_role = "Viewer",
        xpanse_groups = {},
      },
      {
        email = "gus@example.com", id = 8, login = "gus", enabled = false, role = "user", xpanse_role = null,
        xpanse_groups = { "Night Shift" },
      },
    },
    without_xpanse_access = { { email = "eve@example.com" } },
    no_address = { { system = "console", id = 4, login = "svc", name = "svc", enabled = true, role = "site-admin" } },
    totals = {
      addresses = 7, findings = 7, only_on_console = 1, only_in_xpanse = 1, console_duplicate = 1,
      xpanse_duplicate = 0,
      disabled_with_xpanse_access = 2, without_xpanse_access = 1, no_address = 1,
    },
  },
}

test "names an address that two users of Xpanse have" {
  given   = {
    users  = { { id = 2, login = "kim" } },
    xpanse = {
      users = { { email = "kim@example.com", role = "Viewer" }, { email = "Kim@example.com", role = "Viewer" } },
    },
  },
  changes = {},
  result_has = {
    xpanse_duplicate = { { email = "kim@example.com", spellings = { "Kim@example.com", "kim@example.com" } } },
    totals = { findings = 1 },
  },
}

test "finds nothing where both fit" {
  given   = {
    users = { { id = 2, login = "ada" } }, xpanse = { users = { { email = "ADA@example.com", role = "Viewer" } } },
  },
  changes = {},
  result_has = { totals = { addresses = 2, findings = 0 } },
}

test "leaves out what is as it should be, by address or by login" {
  given      = given,
  params     = { ignore = { "DOT@example.com", "svc", "Bob", "kim@partner.example" } },
  changes    = {},
  result_has = {
    only_on_console = {}, only_in_xpanse = {}, xpanse_duplicate = {}, no_address = {},
    totals = { findings = 3, disabled_with_xpanse_access = 1 },
  },
}

test "writes a table" {
  given   = {
    users = {
      { id = 2, login = "=ada", email = "ada@example.com" }, { id = 3, login = "bob", email = "Ada@example.com" },
    },
    xpanse = { users = { { email = "kim@partner.example", role = "Viewer" } } },
  },
  params  = { format = "csv", ignore = { "admin" } },
  changes = {},
  result  = "finding,email,ids,logins,enabled,role,xpanse_role,xpanse_groups,spellings,advice\n"
    .. "console_duplicate,ada@example.com,2;3,'=ada;bob,,,,,,one person needs one account\n"
    .. "only_on_console,ada@example.com,2,'=ada,true,user,,,,\"left the company, or not yet in Xpanse?\"\n"
    .. "only_on_console,ada@example.com,3,bob,true,user,,,,\"left the company, or not yet in Xpanse?\"\n"
    .. "only_in_xpanse,kim@partner.example,,,,,Viewer,,,\"left the company, or not yet on the console?\"\n",
}

test "fails when one side cannot be read: everybody would seem to be an orphan" {
  given   = given,
  refuse  = { { "xpanse.users", status = 401 } },
  status  = "failed",
  error   = "xpanse.users: unauthorized (401)",
  changes = {},
}

test "fails when the console cannot be read" {
  given   = given,
  refuse  = { { "users.page", status = 503 } },
  status  = "failed",
  error   = "users.page",
  changes = {},
}

test "takes whatever the simulated systems hold" {
  given      = { simulated = { users = 300, seed = 2 } },
  changes    = {},
  result_has = { console_duplicate = {} },
}
