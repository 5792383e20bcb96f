import Logging
import Operations
import RunbookHost
import Synchronization
import Testing

/// The Swift code of the pages does what they say.
@Suite("Examples in Swift") struct ExampleTests {
    /// A console with one locked user.
    private final class OneUser: Transport {
        private let unlocked = Mutex(0)

        var changes: Int { unlocked.withLock(\.self) }

        func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
            guard call.operation.name == "users.unlock" else {
                return OperationReply(body: Array(#"{"id": 7, "login": "ada", "enabled": true, "locked": true}"#.utf8))
            }
            unlocked.withLock { $0 += 1 }
            return OperationReply(body: [])
        }
    }

    private static let unlock = Runbook(
        name: "unlock.lua", source: #"runbook { needs = { "users:read", "users:unlock" } } users.unlock(7)"#)

    @Test("Nothing is changed before somebody agrees, and then what was planned", arguments: [true, false])
    func planned(agrees: Bool) async throws {
        let console = OneUser(), sealer = try #require(Sealer(key: Array(0..<32)))
        let journaling = Journaling(
            store: InMemoryStore(), sealer: sealer,
            owner: RunOwner(host: "h", boot: "b", process: 1, processStart: 1))
        let host = RunbookHost(
            transport: console, machines: .inProcess, journaling: journaling,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let outcome = await planAndApply(Self.unlock, on: host) { plan in
            #expect(plan.changes.map(\.operation) == ["users.unlock"])
            #expect(console.changes == 0)
            return agrees
        }
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(console.changes == (agrees ? 1 : 0))
    }

    @Test("A host with a journal asks for no more than its policy has") func policy() async throws {
        let sealer = try #require(Sealer(key: Array(0..<32)))
        let host = makeJournaledHost(OneUser(), .inProcess, sealer: sealer)
        #expect(host.journaling != nil)
        #expect(host.policy.capabilities == ["users:read", "users:unlock"])
    }
}
