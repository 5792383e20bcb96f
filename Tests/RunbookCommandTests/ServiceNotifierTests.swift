import Glibc
import Synchronization
import Testing

@testable import runbook

@Suite struct ServiceNotifierTests {
    /// A manager's socket.
    private final class Manager {
        let descriptor: Int32
        /// What `NOTIFY_SOCKET` says of it.
        let name: String

        /// - Parameter name: a path, or a name after `@`.
        init(_ name: String) throws {
            descriptor = socket(
                AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            self.name = name
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(name.utf8)
            if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(status == 0)
        }

        deinit { close(descriptor) }

        /// The next message, which is there already; `nil` if there is none.
        func next() -> String? {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    private final class Counter: Sendable {
        private let last = Atomic(0)

        func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private func withManager(_ body: (Manager) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(try Manager($0 + "/notify")) }
    }

    private func notifier(_ manager: Manager, _ more: [String: String] = [:]) -> ServiceNotifier {
        ServiceNotifier(environment: more.merging(["NOTIFY_SOCKET": manager.name]) { $1 })
    }

    @Test func eachStateIsTold() async throws {
        try await withManager { manager in
            let notifier = notifier(manager)
            #expect(notifier.isWanted)
            #expect(notifier.ready(status: "3 schedules"))
            #expect(manager.next() == "READY=1\nSTATUS=3 schedules")
            #expect(notifier.ready())
            #expect(manager.next() == "READY=1")
            #expect(notifier.status("two runs are under way"))
            #expect(manager.next() == "STATUS=two runs are under way")
            #expect(notifier.stopping(status: "waits for 2 runs"))
            #expect(manager.next() == "STOPPING=1\nSTATUS=waits for 2 runs")
            #expect(notifier.extendTimeout(.milliseconds(1500)))
            #expect(manager.next() == "EXTEND_TIMEOUT_USEC=1500000")
            #expect(manager.next() == nil)
        }
    }

    @Test func aReloadTellsWhenItBegan() async throws {
        try await withManager { manager in
            var before = timespec(), after = timespec()
            clock_gettime(CLOCK_MONOTONIC, &before)
            #expect(notifier(manager).reloading())
            clock_gettime(CLOCK_MONOTONIC, &after)
            let lines = try #require(manager.next()).split(separator: "\n")
            #expect(lines.first == "RELOADING=1")
            let text = try #require(lines.last)
            #expect(text.hasPrefix("MONOTONIC_USEC="))
            let told = try #require(Int(text.dropFirst("MONOTONIC_USEC=".count)))
            #expect(told >= before.tv_sec * 1_000_000 + before.tv_nsec / 1000)
            #expect(told <= after.tv_sec * 1_000_000 + after.tv_nsec / 1000)
        }
    }

    @Test func aStatusIsOneLine() async throws {
        try await withManager { manager in
            #expect(notifier(manager).status("a\nREADY=1\r\nb"))
            #expect(manager.next() == "STATUS=a READY=1 b")
        }
    }

    @Test func aNameOutsideTheFileSystemIsFound() throws {
        let manager = try Manager("@runbook-tests-\(UInt64.random(in: .min ... .max))")
        #expect(notifier(manager).ready())
        #expect(manager.next() == "READY=1")
    }

    @Test(arguments: ["", "/", "@", "relative/path", "vsock:2:1234", "/" + String(repeating: "x", count: 200)])
    func withoutASocketNothingIsDone(_ name: String) {
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000000"])
        #expect(!notifier.isWanted)
        #expect(notifier.watchdogInterval == nil)
        #expect(notifier.ready() && notifier.reloading() && notifier.watchdog() && notifier.stopping())
    }

    @Test func aManagerThatIsGoneIsNoFailure() async throws {
        try await withTemporaryDirectory { directory in
            let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": directory + "/gone"])
            #expect(!notifier.ready())
        }
    }

    @Test func aManagerThatDoesNotReadIsNotWaitedFor() async throws {
        try await withManager { manager in
            let notifier = notifier(manager)
            // Its queue is full at some point, whatever the system's limit is.
            var told = 0
            while told < 1_000_000, notifier.status("more") { told += 1 }
            #expect(told < 1_000_000)
            while manager.next() != nil {}
            #expect(notifier.ready())
        }
    }

    @Test func theWatchdogIsToldTwiceInItsTime() async throws {
        try await withManager { manager in
            func interval(_ variables: [String: String]) -> Duration? { notifier(manager, variables).watchdogInterval }
            #expect(interval(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
            #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(15))
            #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
            #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "x"]) == nil)
            for value in ["0", "-5", "", "soon", "99999999999999999999"] {
                #expect(interval(["WATCHDOG_USEC": value]) == nil)
            }
            #expect(interval([:]) == nil)
        }
    }

    @Test func theWatchdogIsToldAsLongAsAllIsWell() async throws {
        try await withManager { manager in
            let notifier = notifier(manager, ["WATCHDOG_USEC": "2000"])
            let asked = Counter()
            await withTaskGroup(of: Void.self) { group in
                let (stream, told) = AsyncStream<Void>.makeStream()
                group.addTask {
                    await notifier.keepWatchdog {
                        let number = asked.next()
                        if number == 8 { told.yield() }
                        return number <= 3
                    }
                }
                await stream.first { _ in true }
                group.cancelAll()
            }
            for _ in 0..<3 { #expect(manager.next() == "WATCHDOG=1") }
            #expect(manager.next() == nil)
            // Nobody watches: it returns at once.
            await self.notifier(manager).keepWatchdog { true }
        }
    }

    @Test func theVariablesAreTakenAway() async throws {
        try await withManager { manager in
            // The process's own variables are looked at by a process that has nothing else in them.
            var environment = [
                "NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "\(getpid())",
                "PATH": "/bin",
            ]
            let notifier = ServiceNotifier.take(from: &environment)
            #expect(environment == ["PATH": "/bin"])
            #expect(notifier.watchdogInterval == .milliseconds(500))
            for name in ServiceNotifier.variables { #expect(getenv(name) == nil) }
            #expect(notifier.ready())
            #expect(manager.next() == "READY=1")
        }
    }
}
