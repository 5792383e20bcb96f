import CommandSupport
import Glibc
import Logging
import NIOPosix
import Operations
import RESTClient
import RunbookSchedule
import Synchronization
import Testing

@testable import runbook

/// Hooks that hang do so until the test lets them go: they read a fifo that it holds open.
@Suite("Telling hooks") struct NoticeTellerTests {
    @Test("a destination that hangs keeps only its own notices waiting", .timeLimit(.minutes(1)))
    func others() async throws {
        try await Hooks.with { hooks in
            let store = try await Self.store(
                (0..<80).map { ("slow-\($0)", hooks.hanging) } + (0..<3).map { ("quick-\($0)", hooks.quick) })
            let telling = Task { [teller = try hooks.teller(store)] in await teller.run() }
            while try hooks.told.count < 4 { try await Task.sleep(for: .milliseconds(2)) }
            // The first of the slow ones is under way, and no other one has begun.
            #expect(try hooks.told.sorted() == ["quick-0", "quick-1", "quick-2", "slow-0"])
            #expect(try hooks.told.filter { $0.hasPrefix("quick") } == ["quick-0", "quick-1", "quick-2"])
            // The quick ones have written their line, and are over a moment later.
            while try await store.notices(by: .max, limit: 100).count > 80 {
                try await Task.sleep(for: .milliseconds(2))
            }
            telling.cancel()
            await telling.value
            // What was given up is told by whoever comes next.
            let left = try await store.notices(by: .max, limit: 100)
            #expect(left.count == 80 && left.first { $0.id == "slow-0" }?.attempts == 1)
        }
    }

    @Test("at the end all together have so much time, and the rest is kept", .timeLimit(.minutes(1)))
    func ending() async throws {
        try await Hooks.with { hooks in
            let store = try await Self.store((0..<20).map { ("slow-\($0)", hooks.hanging + " \($0)") })
            try await hooks.teller(store).finish(within: .milliseconds(50))
            // They were not waited for: nobody has let them go.
            let left = try await store.notices(by: .max, limit: 100)
            #expect(left.count == 20 && left.count { $0.attempts == 1 } <= 8)
        }
    }

    @Test("at the end what is due is told, without waiting for more", .timeLimit(.minutes(1)))
    func finishing() async throws {
        try await Hooks.with { hooks in
            let store = try await Self.store((0..<3).map { ("quick-\($0)", hooks.quick) })
            try await hooks.teller(store).finish(within: .seconds(600))
            #expect(try hooks.told == ["quick-0", "quick-1", "quick-2"])
            #expect(try await store.notices(by: .max, limit: 100).isEmpty)
        }
    }

    @Test(
        "only what cannot be told at all is given up at once",
        arguments: [
            ("command:/nowhere/page", true), ("command:no-such-program", true), ("command:/etc/passwd", true),
            ("file:/nowhere/url", true), ("env:NOT_SET", true), ("nonsense", false), ("command:./page", false),
        ])
    func keeping(_ destination: String, _ isKept: Bool) async throws {
        try await Hooks.with { hooks in
            let store = try await Self.store([("n", destination)])
            try await hooks.teller(store).finish(within: .seconds(600))
            #expect(try await store.notices(by: .max, limit: 100).isEmpty == !isKept)
        }
    }

    @Test("what a hook's program prints stands in the line that says how it ended", .timeLimit(.minutes(1)))
    func printing() async throws {
        try await Hooks.with { hooks in
            for (code, level) in [(0, Logger.Level.debug), (3, .warning)] {
                let file = hooks.directory + "/print.sh"
                try PrivateFile.write(
                    Array("echo 'one\u{202e} tok3n1'; printf 'two\\033[2J' >&2; exit \(code)".utf8), to: file)
                let store = try await Self.store([("n", "command:/bin/sh \(file)")])
                let lines = Lines()
                try await hooks.teller(store, lines) { $0.replacing("tok3n1", with: "‹secret›") }
                    .finish(within: .seconds(600))
                let line = try #require(lines.all.first { $0.level == level }, "\(lines.all)")
                #expect(line.metadata["printed"] == "one\u{fffd} ‹secret› two [2J")
            }
        }
    }

    // MARK: Helpers

    private static func store(_ notices: [(id: String, destination: String)]) async throws -> InMemoryScheduleStore {
        let store = InMemoryScheduleStore()
        let schedule = Schedule(
            id: "s", name: "nightly", runbook: "a.lua", sha256: "", trigger: "@daily", zone: "UTC", created: 0)
        let told = notices.map {
            Notice(
                id: $0.id, schedule: "s", kind: .failed, destination: $0.destination, unixMilliseconds: 1,
                members: ["schedule": "nightly"])
        }
        #expect(try await store.commit([ScheduleStep(schedule, notices: told)]) == [true])
        return store
    }

    /// Programs that tell a file of what they are told.
    private struct Hooks {
        let directory: String
        private let fifo: Int32

        /// Notes what it was told, and ends.
        var quick: String { "command:/bin/sh \(directory)/quick.sh \(directory)" }
        /// Notes what it was told, and hangs.
        var hanging: String { "command:/bin/sh \(directory)/hanging.sh \(directory)" }

        /// The ids of what was told, in order.
        var told: [String] {
            get throws {
                let text = try LocalFiles().read(directory + "/told", limit: 1 << 20) ?? []
                return try text.split(separator: UInt8(ascii: "\n")).compactMap {
                    try JSONValue(parsing: Array($0))["id"]?.stringValue
                }
            }
        }

        static func with(_ body: (Hooks) async throws -> Void) async throws {
            try await withTemporaryDirectory { directory in
                try #require(mkfifo(directory + "/fifo", 0o600) == 0)
                let fifo = open(directory + "/fifo", O_RDWR | O_CLOEXEC)
                defer { close(fifo) }
                // The body has no line end.
                let note = #"{ cat; echo; } >"$1/body.$$"; cat "$1/body.$$" >>"$1/told""#
                try PrivateFile.write(Array(note.utf8), to: directory + "/quick.sh")
                try PrivateFile.write(Array((note + #"; exec cat "$1/fifo""#).utf8), to: directory + "/hanging.sh")
                try await body(Hooks(directory: directory, fifo: fifo))
            }
        }

        func teller(
            _ store: InMemoryScheduleStore, _ lines: Lines = Lines(),
            redact: @escaping @Sendable (String) -> String = { $0 }
        ) throws -> NoticeTeller {
            var logger = Logger(label: "test") { _ in lines }
            logger.logLevel = .debug
            return NoticeTeller(
                store: store,
                sender: HookSender(
                    group: MultiThreadedEventLoopGroup.singleton,
                    signer: try #require(WebhookSigner(key: Array(repeating: 1, count: 32))),
                    environment: ["PATH": "/usr/bin:/bin"], programTimeout: .seconds(600), redact: redact),
                metrics: DaemonMetrics(), logger: logger, environment: [:], now: { 1_000 })
        }
    }

    /// Keeps what is logged.
    private final class Lines: LogHandler {
        struct Line: Sendable {
            let level: Logger.Level
            let metadata: [String: String]
        }

        private let kept = Mutex<[Line]>([])
        var all: [Line] { kept.withLock { $0 } }

        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        var logLevel: Logger.Level {
            get { .debug }
            set {}
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
            kept.withLock { $0.append(Line(level: event.level, metadata: metadata)) }
        }
    }
}
