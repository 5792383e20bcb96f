/// What a new runbook begins as: one that works as it is, with its tests, and says why it is written so.
enum RunbookTemplate: Sendable, CaseIterable {
    /// Changes something.
    case change
    /// Only reads.
    case report

    /// The runbook.
    var source: String {
        switch self {
        case .change: Self.changeSource
        case .report: Self.reportSource
        }
    }

    /// The tests that lie beside it.
    var test: String {
        switch self {
        case .change: Self.changeTest
        case .report: Self.reportTest
        }
    }

    private static let changeSource = #"""
        -- The manifest comes first: what the runbook is for, what it takes, and all that it may do. A call outside 'needs' is
        -- refused, a change beyond 'limits' ends the run. 'runbook list' shows it.
        runbook {
          title  = "Unlock the locked users",
          doc    = "Unlocks every user who is locked, of all roles or of one. Disabled users are left alone, since the console "
            .. "refuses to unlock them; the result names them under skipped. Run again, it changes nothing.",
          params = {
            role = { type = "string", doc = "only users of this role id, e.g. security-manager; default: all roles" },
          },
          needs  = { "users:read", "users:unlock" },
          limits = { changes = 500, time = "10m" },
        }

        local unlocked, skipped = {}, {}

        -- One after the other would wait for each answer: here up to 8 calls are under way at once.
        parallel(users.each { role = params.role, locked = true }, 8, function(user)
          if not user.enabled then
            log.info("skipped", { login = user.login, reason = "disabled" })
            skipped[#skipped + 1] = { login = user.login, reason = "disabled" }
            return
          end
          users.unlock(user.id)
          unlocked[#unlocked + 1] = user.login
        end)

        -- Sorted, so that two runs over the same users answer the same.
        table.sort(unlocked)
        table.sort(skipped, function(one, other) return one.login < other.login end)
        return { unlocked = unlocked, skipped = skipped, totals = { unlocked = #unlocked, skipped = #skipped } }

        """#

    private static let changeTest = #"""
        -- Tests of the runbook beside this file, which has its name without _test: 'runbook test' runs them against a
        -- simulated console. Of each case it also checks that the plan is what is then done, that a second run changes
        -- nothing, and that a run that is killed anywhere and resumed does everything once.
        local people = {
          { id = 7, login = "ada", role = "security-manager", locked = true },
          { id = 8, login = "bob", role = "security-manager", locked = true, enabled = false },
          { id = 9, login = "eve", role = "user", locked = true },
          { id = 10, login = "kim", role = "user" },
        }

        test "unlocks the enabled users and names the disabled ones" {
          given     = { users = people },
          changes   = { { "users.unlock", 7 }, { "users.unlock", 9 } },
          unordered = true,
          result    = {
            unlocked = { "ada", "eve" },
            skipped  = { { login = "bob", reason = "disabled" } },
            totals   = { unlocked = 2, skipped = 1 },
          },
          after     = { users = { ada = { locked = false }, bob = { locked = true }, eve = { locked = false } } },
        }

        test "leaves other roles alone" {
          given      = { users = people },
          params     = { role = "user" },
          changes    = { { "users.unlock", 9 } },
          result_has = { unlocked = { "eve" }, skipped = {} },
        }

        test "finds nothing to do" {
          given   = { users = { people[4] } },
          changes = {},
          result  = { unlocked = {}, skipped = {}, totals = { unlocked = 0, skipped = 0 } },
        }

        test "says which user could not be unlocked" {
          given  = { users = people },
          params = { role = "user" },
          refuse = { { "users.unlock", 9, status = 403, message = "not today" } },
          status = "failed",
          error  = "not today",
        }

        """#

    private static let reportSource = #"""
        -- The manifest comes first: what the runbook is for, what it takes, and all that it may do. A call outside 'needs' is
        -- refused. 'runbook list' shows it.
        runbook {
          title  = "Count the users of each role",
          doc    = "Counts the users of each role, and how many of them are locked or disabled. Changes nothing.",
          params = {
            role   = { type = "string", doc = "only this role id, e.g. security-manager; default: all roles" },
            format = { type = "string", default = "json", choices = { "json", "csv" }, doc = "how to write the result" },
          },
          needs  = { "users:read" },
          -- A report has no changes to make: with this limit it cannot make one.
          limits = { changes = 0, time = "10m" },
        }

        local by_role, totals = {}, { users = 0, locked = 0, disabled = 0 }

        local function count(entry, user)
          entry.users = entry.users + 1
          if user.locked then entry.locked = entry.locked + 1 end
          if not user.enabled then entry.disabled = entry.disabled + 1 end
        end

        for user in users.each { role = params.role } do
          local role = user.role and user.role.id or ""
          by_role[role] = by_role[role] or { role = role, users = 0, locked = 0, disabled = 0 }
          count(by_role[role], user)
          count(totals, user)
        end

        local roles = {}
        for _, entry in pairs(by_role) do roles[#roles + 1] = entry end
        table.sort(roles, function(one, other) return one.role < other.role end)

        -- A string is printed as it is: runbook run … --param format=csv > roles.csv
        if params.format == "csv" then
          return csv.encode(roles, { columns = { "role", "users", "locked", "disabled" }, spreadsheet = true })
        end
        return { roles = roles, totals = totals }

        """#

    private static let reportTest = #"""
        -- Tests of the runbook beside this file, which has its name without _test: 'runbook test' runs them against a
        -- simulated console.
        local people = {
          { login = "ada", role = "security-manager", locked = true },
          { login = "bob", role = "security-manager", enabled = false },
          { login = "eve", role = "user" },
        }

        test "counts the users of each role" {
          given      = { users = people },
          changes    = {},
          result_has = { totals = { users = 4, locked = 1, disabled = 1 } },  -- the administrator is the fourth
        }

        test "counts those of one role" {
          given  = { users = people },
          params = { role = "security-manager" },
          result = {
            roles  = { { role = "security-manager", users = 2, locked = 1, disabled = 1 } },
            totals = { users = 2, locked = 1, disabled = 1 },
          },
        }

        test "finds nobody" {
          given  = { users = people },
          params = { role = "nobody-has-it" },
          result = { roles = {}, totals = { users = 0, locked = 0, disabled = 0 } },
        }

        test "writes CSV" {
          given  = { users = people },
          params = { role = "security-manager", format = "csv" },
          result = "role,users,locked,disabled\nsecurity-manager,2,1,1\n",
        }

        """#
}
