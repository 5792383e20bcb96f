local support = {
  id = "tier-1-support", name = "Tier 1 Support", description = "First line of support: tickets and investigations.",
  privileges = { "view-site-asset-data", "create-tickets", "view-vuln-investigations", "manage-advpolicies" },
}
local custom = {
  id = "Site Admin Custom", name = "Site Admin Custom", description = "Starts scans and reads their results.",
  privileges = { "create-reports", "view-site-asset-data", "start-unscheduled-scans", "manage-scan-alerts" },
}
local auditor = {
  id = "auditor", name = "Auditor", description = "Reads and reports.", privileges = { "create-reports" },
}

local function file(...) return { name = "roles.json", text = json.encode { ... } } end

local function with(role, changes)
  local copy = {}
  for field, value in pairs(role) do copy[field] = value end
  for field, value in pairs(changes) do copy[field] = value end
  return copy
end

test "creates what is missing and updates what differs" {
  params  = {
    roles = file(support, auditor, with(custom, {
      name = "Scanners",
      privileges = { "view-site-asset-data", "create-reports", "start-unscheduled-scans", "close-tickets" },
    })),
  },
  changes = {
    { "roles.update", "Site Admin Custom", {
      name = "Scanners", description = custom.description,
      privileges = { "view-site-asset-data", "create-reports", "start-unscheduled-scans", "close-tickets" },
    } },
    { "roles.update", "auditor", auditor },
  },
  result  = {
    drift = {
      {
        role = "Site Admin Custom", action = "update", name = { before = "Site Admin Custom", after = "Scanners" },
        privileges_added = { "close-tickets" }, privileges_removed = { "manage-scan-alerts" },
      },
      { role = "auditor", action = "create", privileges_added = { "create-reports" } },
    },
    undeclared = {}, created = { "auditor" }, updated = { "Site Admin Custom" }, deleted = {}, skipped = {},
    in_line = true,
    totals = { drift = 2, undeclared = 0, created = 1, updated = 1, deleted = 0, skipped = 0 },
  },
  after   = { roles = { auditor = { name = "Auditor" }, ["Site Admin Custom"] = { name = "Scanners" } } },
}

test "has nothing to do where all is as declared, whatever the order of the privileges" {
  params  = {
    roles = file(custom, with(support, {
      privileges = { "manage-advpolicies", "create-tickets", "view-site-asset-data", "view-vuln-investigations" },
    })),
  },
  changes = {},
  result  = {
    drift = {}, undeclared = {}, created = {}, updated = {}, deleted = {}, skipped = {}, in_line = true,
    totals = { drift = 0, undeclared = 0, created = 0, updated = 0, deleted = 0, skipped = 0 },
  },
}

test "goes on where an earlier run ended" {
  given   = { roles = { auditor } },
  params  = { roles = file(support, auditor, with(custom, { description = "Scans." })) },
  changes = { { "roles.update", "Site Admin Custom", { description = "Scans.", privileges = custom.privileges } } },
  result_has = { created = {}, updated = { "Site Admin Custom" }, in_line = true },
}

test "only reports the drift with change=false" {
  given   = { users = { { login = "ada", role = "tier-1-support" } } },
  params  = { roles = file(auditor), change = false, delete = true },
  changes = {},
  result  = {
    drift = { { role = "auditor", action = "create", privileges_added = { "create-reports" } } },
    undeclared = { { role = "Site Admin Custom", users = 0 }, { role = "tier-1-support", users = 1 } },
    created = {}, updated = {}, deleted = {}, skipped = {}, in_line = false,
    totals = { drift = 1, undeclared = 2, created = 0, updated = 0, deleted = 0, skipped = 0 },
  },
}

test "names what is not declared and leaves it" {
  params  = { roles = file(support) },
  changes = {},
  result_has = { undeclared = { { role = "Site Admin Custom", users = 0 } }, in_line = false },
}

test "deletes what is not declared if nobody has it" {
  given   = { users = { { login = "ada", role = "tier-1-support" } } },
  params  = { roles = file(auditor), delete = true },
  changes = { { "roles.update", "auditor" }, { "roles.delete", "Site Admin Custom" } },
  result_has = {
    created = { "auditor" }, deleted = { "Site Admin Custom" }, in_line = false,
    skipped = {
      { role = "tier-1-support", reason = "it is not declared, but a user has it: retire it with retire-role" },
    },
  },
  after   = { roles = { ["Site Admin Custom"] = false, ["tier-1-support"] = {} } },
}

test "gives no privilege that demands access which users of the role lack" {
  given   = {
    users = {
      { login = "ada", role = "tier-1-support", sites = { 1 } },
      { login = "bob", role = "tier-1-support", all_sites = true },
    },
  },
  params  = { roles = file(custom, with(support, { privileges = { "create-tickets", "manage-tags" } })) },
  changes = {},
  result_has = {
    updated = {}, in_line = false,
    skipped = {
      {
        role = "tier-1-support",
        reason = "manage-tags demands all sites, which a user of it lacks, such as ada: give them that first",
      },
    },
  },
  log     = { "manage-tags demands all sites" },
}

test "gives no privilege that demands all asset groups while users of the role lack them" {
  given   = {
    users = {
      { login = "ada", role = "tier-1-support", all_sites = true },
      { login = "bob", role = "tier-1-support", all_sites = true },
    },
  },
  params  = { roles = file(custom, with(support, { privileges = { "manage-dynamic-asset-groups" } })) },
  changes = {},
  result_has = {
    skipped = {
      {
        role = "tier-1-support",
        reason = "manage-dynamic-asset-groups demands all asset groups, which 2 users of it lack, such as ada: "
          .. "give them that first",
      },
    },
  },
}

test "gives such a privilege where every user of the role has that access" {
  given   = { users = { { login = "bob", role = "tier-1-support", all_sites = true } } },
  params  = { roles = file(custom, with(support, { privileges = { "create-tickets", "manage-tags" } })) },
  changes = { { "roles.update", "tier-1-support", { privileges = { "create-tickets", "manage-tags" } } } },
  result_has = { updated = { "tier-1-support" }, in_line = true },
}

test "changes the others and fails with the name of what the console refuses" {
  params  = { roles = file(support, auditor, with(custom, { description = "Scans." })), delete = true },
  refuse  = { { "roles.update", "Site Admin Custom", status = 400, message = "The role is managed elsewhere." } },
  status  = "failed",
  error   = "1 created, 0 updated, 0 deleted, but the console refused Site Admin Custom (roles.update: bad_request",
  changes = { { "roles.update", "auditor" } },
  log     = { "The role is managed elsewhere" },
}

test "tells all faults of the file before anything is changed" {
  params  = {
    roles = file(
      with(auditor, { id = "user" }), with(auditor, { privileges = { "create-reports", "fly", "create-reports" } }),
      auditor,
      { id = "x", name = "", description = 7, privileges = "create-reports", owner = "me" }, "role"),
  },
  status  = "failed",
  error   = "nothing was changed: role 1 (user): it is built in and cannot be edited: take it out of the file; "
    .. "role 2 (auditor): the console knows no privilege fly: 'runbook call privileges.list' shows them; "
    .. "role 2 (auditor): the privilege create-reports stands there twice; "
    .. "role 3 (auditor): role 2 has the same id; "
    .. "role 4 (x): name must be a text; role 4 (x): description must be a text; "
    .. "role 4 (x): there is no field owner: there are id, name, description and privileges; "
    .. "role 4 (x): privileges must be a list of names; "
    .. "role 5: it must be a table with id, name, description and privileges",
  changes = {},
}

for name, case in pairs {
  ["no JSON"] = { text = "[{", error = "it is not JSON" },
  ["no list"] = { text = "{\"id\": \"auditor\"}", error = "it must be a list of roles" },
  ["no role"] = { text = "[]", error = "it declares no role" },
} do
  test("refuses a file with " .. name) {
    params = { roles = { name = "roles.json", text = case.text }, delete = true },
    status = "failed", error = case.error, changes = {},
  }
end
