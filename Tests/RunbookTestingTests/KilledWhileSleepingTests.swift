import RunbookTesting
import Testing

@Suite("Killed while tasks sleep")
struct KilledWhileSleepingTests {
    private static let runbook = """
        runbook { needs = { "users:read", "users:unlock" } }
        local n = 0
        parallel(users.each { locked = true }, 4, function(user)
          users.unlock(user.id)
          sleep(4)
          n = n + 1
        end)
        return { n = n, t = os.time() }
        """

    @Test func noTimePassesForAProcessThatIsGone() async throws {
        let cases = """
            for number = 1, 40 do
              test("case " .. number) {
                given = { users = {
                  { login = "ada", locked = true }, { login = "bob", locked = true }, { login = "eve", locked = true },
                } },
                result = { n = 3, t = 1767225604 },
                plan = "no time passes while it is planned", again = "looked at elsewhere",
              }
            end
            """
        let trial = try await Trial(cases, of: Self.runbook)
        #expect(trial.failures == [], "\(trial.differences)")
        #expect(trial["case 40: killed and resumed"]?.status == .passed)
    }

    @Test func whoCatchesTheEndAndSleepsEndsToo() async throws {
        let trial = try await Trial(
            """
            test "it" {
              given = { users = { { id = 7, login = "ada", locked = true } } }, result = { ok = true },
              again = "looked at elsewhere",
            }
            """,
            of: """
                runbook { needs = { "users:read", "users:unlock" } }
                local ok = pcall(users.unlock, 7)
                sleep(60)
                return { ok = ok }
                """, patience: .seconds(20))
        #expect(trial.failures == [], "\(trial.results)")
    }
}
