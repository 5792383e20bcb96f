import Glibc
import Synchronization
import Testing

@testable import RunbookTesting

@Suite("The thread of a case")
struct RunThreadTests {
    @Test(.timeLimit(.minutes(1))) func nothingIsWrittenOnceItHasEnded() async throws {
        let thread = try RunThread()
        #expect(thread.wake())
        thread.stop()
        // Its descriptors may be those of another file by then.
        while thread.wake() { await Task.yield() }
        #expect(!thread.wake())
    }

    @Test(.timeLimit(.minutes(1))) func nobodyWaitsForAPipeThatIsFull() async throws {
        let thread = try RunThread()
        defer { thread.stop() }
        let isOpen = Mutex(false)
        thread.whenIdle {
            while !isOpen.withLock(\.self) { sched_yield() }
        }
        // A pipe holds 65,536 bytes.
        for _ in 0..<100_000 { thread.wake() }
        isOpen.withLock { $0 = true }
    }
}
