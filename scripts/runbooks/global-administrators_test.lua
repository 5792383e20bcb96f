-- The simulated console always has the administrator admin, enabled and not locked.
local function administrators(count, changes)
  local users = {}
  for index = 1, count do
    local user = { id = 10 + index, login = "chief" .. index, role = "global-admin", source = "admin" }
    for key, value in pairs(changes or {}) do user[key] = value end
    users[index] = user
  end
  return { users = users }
end
local admin = {
  id = 1, login = "admin", name = "Default Administrator", email = "admin@example.com", role = "global-admin",
  by = "role", enabled = true, locked = false, source = "admin",
}

test "finds nothing to complain about" {
  given   = { users = { { login = "ada", role = "site-admin" } } },
  changes = {},
  result  = {
    administrators = { admin }, findings = {}, totals = { administrators = 1, enabled = 1, usable = 1, disabled = 0 },
  },
}

test "warns of too many" {
  given      = administrators(3),
  params     = { at_most = 3 },
  result_has = {
    findings = { { finding = "too_many", message = "4 global administrators are enabled, at most 3 should be" } },
    totals   = { administrators = 4, enabled = 4, usable = 4, disabled = 0 },
  },
  log        = { "4 global administrators are enabled, at most 3 should be finding=too_many" },
}

test "counts as many as are well" {
  given      = administrators(2),
  params     = { at_most = 3, at_least = 3 },
  result_has = { findings = {}, totals = { enabled = 3, usable = 3 } },
}

test "warns when too few could log in, for a locked one cannot" {
  given      = administrators(2, { locked = true }),
  params     = { at_least = 2 },
  result_has = {
    findings = { { finding = "too_few", message = "1 global administrators can log in, at least 2 should" } },
    totals   = { administrators = 3, enabled = 3, usable = 1, disabled = 0 },
  },
}

test "names the disabled ones, who do not count as too many" {
  given      = administrators(6, { enabled = false }),
  params     = { at_most = 1 },
  result_has = {
    findings = {
      {
        finding = "disabled",
        message = "disabled and still global administrators: chief1, chief2, chief3, chief4, chief5, chief6",
      },
    },
    totals   = { administrators = 7, enabled = 1, usable = 1, disabled = 6 },
  },
}

test "sees through a role of the administrator's own making" {
  given = {
    roles = { { id = "almighty", name = "Almighty", privileges = { "create-reports", "all-permissions" } } },
    users = { { id = 7, login = "eve", role = "almighty" } },
  },
  result_has = {
    administrators = { { login = "admin", by = "role" }, { login = "eve", role = "almighty", by = "privilege" } },
  },
}

test "sees a superuser without the role" {
  given      = { users = { { id = 7, login = "eve", role = "user", superuser = true } } },
  result_has = {
    administrators = { { login = "admin", by = "role" }, { login = "eve", role = "user", by = "superuser" } },
  },
}

test "lets the run fail if asked, so that a schedule alerts" {
  given  = administrators(2, { enabled = false }),
  params = { at_least = 2, fail = true },
  status = "failed",
  error  = "1 global administrators can log in, at least 2 should: enable or unlock one on the console, or make one "
    .. "with onboard-user; disabled and still global administrators: chief1, chief2: take the role with offboard-user",
}

test "does not advise to offboard anybody where there are too few" {
  given  = administrators(1, { locked = true }),
  params = { at_least = 2, fail = true },
  status = "failed",
  error  = "at least 2 should",
  check  = function(run) assert(not tostring(run.error):find("offboard", 1, true), tostring(run.error)) end,
}

test "does not fail without a finding" {
  given      = administrators(1),
  params     = { fail = true },
  result_has = { findings = {} },
}

test "refuses numbers that nothing could meet" {
  given  = administrators(1),
  params = { at_most = 1, at_least = 2 },
  status = "failed",
  error  = "at_most (1) and at_least (2) leave no number that is well",
}

test "leaves out what the console does not say" {
  given      = { users = { { id = 7, login = "nomail", role = "global-admin", email = null, source = "saml" } } },
  result_has = { administrators = { { login = "admin" }, { login = "nomail", source = "saml" } } },
  check      = function(run) assert(run.result.administrators[2].email == nil) end,
}

test "fails when the console refuses to list its users" {
  given  = administrators(1),
  refuse = { { "users.page", status = 401 } },
  status = "failed",
  error  = "users.page: unauthorized (401)",
}

test "goes through all pages of users" {
  given   = { simulated = { users = 600 } },
  params  = { at_most = 100 },
  changes = {},
  check   = function(run)
    local last = run.result.administrators[#run.result.administrators]
    assert(last.id > 500, "the last page was not seen: " .. last.id)
  end,
}
