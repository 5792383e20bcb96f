import Operations
import RunbookHost
import Synchronization

/// A well-behaved run that makes one call after the other, beside a hostile one in the same host, until it is told that
/// it is over.
final class HonestCompanion: Sendable {
    private struct State {
        var calls = 0
        var isOver = false
        /// Nobody goes on any more: whoever waits is let go, so that a test fails and does not hang.
        var isAbandoned = false
        var waiters: [(calls: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    /// The user that it alone asks for.
    private static let user: Int64 = 4_242

    static let runbook = Runbook(
        name: "honest.lua",
        source: """
            runbook { needs = { "users:read" } }
            local calls = 0
            repeat
              calls = calls + 1
              local isOver = users.get(\(user)).enabled
              sleep(0.001) -- leaves the machine to others
            until isOver
            return calls
            """)

    static func isCaller(of call: OperationCall) -> Bool {
        call.operation.name == "users.get" && call.arguments["id"] == .integer(user)
    }

    /// How many of its calls were answered.
    var calls: Int { state.withLock(\.calls) }

    /// What the pretended transport answers it; `nil` if the call is not its own.
    func answer(_ call: OperationCall) -> JSONValue? {
        guard Self.isCaller(of: call) else { return nil }
        let isOver = state.withLock(\.isOver)
        letGo { $0.calls += 1 }
        return ["id": .integer(Self.user), "enabled": .bool(isOver)]
    }

    /// Waiting makes sense only as long as this run goes on.
    func watch(_ run: Run) {
        Task {
            _ = await run.outcome
            letGo { $0.isAbandoned = true }
        }
    }

    /// Waits for so many more of its calls.
    func makeCalls(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isAbandoned = state.withLock { state in
                if !state.isAbandoned { state.waiters.append((state.calls + count, continuation)) }
                return state.isAbandoned
            }
            if isAbandoned { continuation.resume() }
        }
    }

    /// Tells it to return after its next call.
    func end() { letGo { $0.isOver = true } }

    private func letGo(after change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let isAbandoned = state.isAbandoned, calls = state.calls
            defer { state.waiters.removeAll { isAbandoned || $0.calls <= calls } }
            return state.waiters.filter { isAbandoned || $0.calls <= calls }
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}
