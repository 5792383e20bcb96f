import Glibc
import Synchronization
import Testing

@testable import runbook

@Suite("Work off the shared threads") struct OffThreadTests {
    /// Lets nobody go before so many have come; who waits holds his thread.
    private final class Gate: Sendable {
        private let missing: Atomic<Int>

        init(_ count: Int) { missing = Atomic(count) }

        func pass() {
            missing.subtract(1, ordering: .relaxed)
            while missing.load(ordering: .relaxed) > 0 { usleep(1_000) }
        }
    }

    @Test("more than there are processors block at once, and nobody is held up", .timeLimit(.minutes(1)))
    func blocking() async {
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 2
        // One who passes is a task like any other.
        let gate = Gate(count + 1)
        await withTaskGroup { group in
            for _ in 0..<count { group.addTask { await OffThread.run { gate.pass() } } }
            group.addTask { gate.pass() }
        }
    }

    @Test("what the work gives is given")
    func value() async { #expect(await OffThread.run { "done" } == "done") }
}
