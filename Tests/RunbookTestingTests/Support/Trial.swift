import RunbookHost
import RunbookTesting
import Synchronization

/// Tests that are run by the tests.
struct Trial {
    /// Unlocks the enabled users of a role, one after the other.
    static let unlock = """
        runbook {
          params = { role = { required = true } },
          needs  = { "users:read", "users:unlock" },
        }
        local unlocked, skipped = {}, {}
        for user in users.each { role = params.role, locked = true } do
          if user.enabled then
            users.unlock(user.id)
            log.info("unlocked", { login = user.login })
            unlocked[#unlocked + 1] = user.login
          else
            skipped[#skipped + 1] = { login = user.login, reason = "disabled" }
          end
        end
        return { unlocked = unlocked, skipped = skipped }
        """

    /// Two users of a role who are locked, one of whom is disabled.
    static let people = """
        local people = {
          { id = 7, login = "ada", role = "security-manager", locked = true },
          { id = 8, login = "bob", role = "security-manager", locked = true, enabled = false },
        }

        """

    let results: [TestResult]
    let notes: [String]
    /// How many cases the file has.
    let cases: Int

    /// Runs the tests of a runbook.
    ///
    /// - Parameter runbook: its source. Default: ``unlock``.
    init(_ tests: String, of runbook: String = unlock, filter: String = "", patience: Duration = .seconds(60))
        async throws
    {
        let told = Told()
        let tester = RunbookTester(patience: patience, filter: filter)
        let file = TestFile(
            tests: Runbook(name: "unlock_test.lua", source: tests), of: Runbook(name: "unlock.lua", source: runbook))
        cases = try await tester.run(file) { event in told.events.withLock { $0.append(event) } }
        let events = told.events.withLock(\.self)
        results = events.compactMap { event in
            if case .result(let result) = event { result } else { nil }
        }
        notes = events.compactMap { event in
            if case .note(let text) = event { text } else { nil }
        }
    }

    private final class Told: Sendable { let events = Mutex<[TestEvent]>([]) }

    /// The result of a case, or of one of its checks, by the end of its name.
    subscript(name: String) -> TestResult? { results.first { $0.name == name || $0.name.hasSuffix(": \(name)") } }

    /// What is different in the only test that failed, one text for each: `status: succeeded, but failed`.
    var differences: [String] {
        results.flatMap { result in result.differences.map { "\($0.what): \($0.expected), but \($0.found)" } }
    }

    /// Names of the tests that failed.
    var failures: [String] { results.filter { $0.status == .failed }.map(\.name) }
}
