import RunbookTesting
import Testing

@Suite("The world that a case is given")
struct WorldTests {
    @Test func usersAreAsTheyAreGiven() async throws {
        let trial = try await Trial(
            """
            test "it" {
              given = {
                roles = { { id = "auditor", privileges = { "create-reports" } } },
                users = {
                  { login = "ada" }, { id = 40, login = "bob", name = "Bob", email = null, role = "auditor", enabled = false,
                    locked = true, sites = { 3, 1 }, asset_groups = { 2 }, source = "ldap" },
                  { login = "eve", role = "global-admin", seed = "JBSWY3DPEHPK3PXP" },
                },
              },
              result = {
                ada = { id = 2, enabled = true, name = "ada", email = "ada@example.com", role = "user", source = "normal" },
                bob = { id = 40, name = "Bob", role = "auditor", enabled = false, locked = true, sites = { 1, 3 },
                  groups = { 2 }, source = "ldap" },
                eve = { id = 41, enabled = true, name = "eve", email = "eve@example.com", role = "global-admin", source = "admin",
                  sites = { 1, 2, 3, 4, 5 }, groups = { 1, 2, 3, 4, 5 }, superuser = true, seed = true },
              },
              after = { users = { eve = { seed = "same", all_sites = true }, bob = { email = null } } },
            }
            """,
            of: """
                runbook { needs = { "users:read", "twofa:read" } }
                local found = {}
                local function some(list) return #list > 0 and list or nil end
                for user in users.each {} do
                  if user.id > 1 then
                    found[user.login] = {
                      id = user.id, name = user.name, email = user.email, role = user.role.id,
                      enabled = user.enabled, locked = user.locked or nil,
                      source = user.authentication.type, sites = some(users.sites(user.id)),
                      groups = some(users.asset_groups(user.id)), superuser = user.role.superuser or nil,
                      seed = twofa.key(user.id) and true or nil,
                    }
                  end
                end
                return found
                """)
        #expect(trial.failures == [], "\(trial.differences)")
    }

    @Test func xpanseIsAsItIsGiven() async throws {
        let trial = try await Trial(
            """
            test "it" {
              given = { xpanse = {
                roles = { "Own Role" }, groups = { { name = "Own Group", description = "Ours." } },
                users = {
                  { email = "kim@example.com", role = "Own Role", groups = { "Own Group" }, last_login = 5, type = "SSO" },
                  { email = "KIM@example.com" },
                },
              } },
              result = {
                { email = "admin@example.com", role = "Account Admin", groups = {} , type = "CSP" },
                { email = "kim@example.com", role = "Own Role", groups = { "Own Group" }, login = 5, type = "SSO" },
                { email = "KIM@example.com", groups = {}, type = "CSP" },
              },
              changes = { { "xpanse.set_role", { "KIM@example.com" }, "Viewer" } },
              after = { xpanse = { ["kim@example.com"] = { role = "Own Role" }, ["KIM@example.com"] = { role = "Viewer" } } },
              again = "the roles are others then",
            }
            """,
            of: """
                runbook { needs = { "xpanse:read", "xpanse:role" } }
                local found = {}
                for _, user in ipairs(xpanse.users()) do
                  found[#found + 1] = { email = user.user_email, role = user.role_name, groups = user.groups,
                    login = user.last_logged_in, type = user.user_type }
                end
                xpanse.set_role({ "KIM@example.com" }, "Viewer")
                return found
                """)
        #expect(trial.failures == [], "\(trial.differences)")
    }

    @Test func timeIsTheCasesOwn() async throws {
        let trial = try await Trial(
            """
            test "given" { now = "2026-11-22T10:00:00Z", result = { now = "2026-11-22T10:00:00", slept = 1800 } }
            test "by default" { result = { now = "2026-01-01T00:00:00", slept = 1800 } }
            """,
            of: """
                runbook { limits = { time = "31m" } }
                local now = os.time()
                sleep(1800)
                return { now = os.date("!%Y-%m-%dT%H:%M:%S", now), slept = os.time() - now }
                """)
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test func aLimitOfTimeEndsWhoSleepsPastIt() async throws {
        let trial = try await Trial(
            "test \"it\" { status = \"stopped\", error = \"time\" }",
            of: "runbook { limits = { time = \"1m\" } }\nsleep(3600)")
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test func tasksBesideOneAnotherComeInTheSameOrderEachTime() async throws {
        let tests = """
            test "it" {
              given = { simulated = { users = 60, locked_in_role = { user = 20 } } },
              plan = "looked at elsewhere", again = "looked at elsewhere", kill = "looked at elsewhere",
              check = function(run)
                local ids = {}
                for index, change in ipairs(run.changes) do ids[index] = change[2] end
                print(table.concat(ids, " "))
                assert(#ids == 20)
              end,
            }
            """
        // Each does another number of reads before and after its change.
        let runbook = """
            runbook { needs = { "users:read", "users:unlock" } }
            parallel(users.each { role = "user", locked = true }, 7, function(user)
              for _ = 1, user.id % 4 do users.sites(user.id) end
              sleep(user.id % 3)
              users.unlock(user.id)
              for _ = 1, user.id % 5 do users.get(user.id) end
            end)
            """
        var orders: Set<[String]> = []
        for _ in 1...5 {
            let trial = try await Trial(tests, of: runbook)
            #expect(trial.failures == [], "\(trial.results)")
            orders.insert(trial.notes)
        }
        #expect(orders.count == 1, "\(orders)")
        #expect(orders.first?.first?.isEmpty == false)
    }
}
