import CommandSupport
import Glibc
import Operations
import RunbookHost
import Synchronization
import Testing

@testable import RunbookStore
@testable import runbook

@Suite("The command: audit export")
struct AuditExportCommandTests {
    private static let end: [UInt8] = [UInt8(ascii: "\n")]

    @Test("writes the lines byte for byte, to stdout and to a file")
    func jsonl() async throws {
        try await AuditHarness.with(lines: 30) { harness in
            let expected = Array(try await harness.lines().map { $0.text + Self.end }.joined())
            let outcome = try await harness.audit("export")
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(Array(outcome.output.utf8) == expected)
            try harness.write(Array("something longer than all that is to be written".utf8) + expected, to: "out.jsonl")
            let file = try await harness.audit("export", "-o", "out.jsonl")
            #expect(file.status == 0 && file.output == "")
            #expect(try harness.read("out.jsonl") == expected)
            #expect(try await harness.audit("verify", "out.jsonl").status == 0)
            _ = try await harness.audit("export", "-o", "new.jsonl")
            #expect(permissions(harness.command.directory + "/new.jsonl") == 0o600)
        }
    }

    @Test("writes a part that verify takes")
    func part() async throws {
        try await AuditHarness.with(lines: 30) { harness in
            let outcome = try await harness.audit("export", "--from", "26")
            #expect(outcome.output.split(separator: "\n").count == 5)
            try harness.write(Array(outcome.output.utf8), to: "part.jsonl")
            #expect(try await harness.audit("verify", "part.jsonl", "--from", "26").status == 0)
            #expect(try await harness.audit("export", "--from", "31").output == "")
        }
    }

    @Test("writes OCSF events, and a damaged line not as if it were sound")
    func ocsf() async throws {
        try await AuditHarness.with(lines: 8) { harness in
            let outcome = try await harness.audit("export", "--format", "ocsf")
            #expect(outcome.status == 0)
            let events = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            // Two lines tell of a run; the six others of an account too.
            #expect(events.count == 2 + 2 * 6)
            #expect(events.filter { $0["class_uid"] == 6003 }.count == 6)
            #expect(Set(events.compactMap { $0["metadata"]?["sequence"]?.integerValue }) == Set(1...8))
            try harness.alter("UPDATE audit SET text = CAST('{}' AS BLOB) WHERE sequence = 4")
            let damaged = try await harness.audit("export", "--format", "ocsf")
            #expect(damaged.status == 7 && damaged.errors.contains("line 4 of the audit log is damaged"))
        }
    }

    @Test("makes no log where there is none")
    func nothing() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            let outcome = try await harness.audit("export")
            #expect(outcome.status == 0 && outcome.output == "")
            #expect(LocalFiles().status(harness.store.path) == nil)
        }
    }

    @Test("follows what another process writes, from before there is a log, until Ctrl-C")
    func follow() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            let process = try harness.command.start("audit", "export", "--follow", "--state", "state")
            for range in [1...1, 2...40, 41...41] {
                try await harness.add(range)
                try await process.wait(for: "\"number\":\(range.upperBound),", on: .output)
            }
            process.send(SIGINT)
            let outcome = await process.outcome
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            #expect(try await Array(outcome.output.utf8) == Array(harness.lines().map { $0.text + Self.end }.joined()))
        }
    }

    @Test("says what it cannot write to, and what does not go together")
    func misuse() async throws {
        try await AuditHarness.with(lines: 3) { harness in
            let file = try await harness.audit("export", "-o", "nowhere/out.jsonl")
            #expect(file.status == 1 && file.errors.contains("nowhere/out.jsonl cannot be written: it does not exist"))
            let full = try await harness.audit("export", "-o", "/dev/full")
            #expect(full.status == 1 && full.errors.contains("no space is left on the disk"), "\(full.errors)")
            #expect(try await harness.audit("export", "--json").status == 64)
            #expect(try await harness.audit("export", "--from", "0").status == 64)
            #expect(try await harness.audit("export", "--format", "xml").status == 64)
        }
    }

    @Test("ends quietly when its reader has left")
    func readerLeft() async throws {
        try await AuditHarness.with(lines: 2_000) { harness in
            let outcome = try await CommandProcess(
                ["-c", "\(CommandProcess.program) audit export --state state | head -n 1"],
                environment: harness.command.environment, directory: harness.command.directory, program: "/bin/sh"
            ).outcome
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            #expect(outcome.output.split(separator: "\n").count == 1)
        }
    }

    // MARK: Following, by a clock of the test's own

    /// A clock whose waits do something.
    private final class ScriptedClock: RunClock {
        private let steps: Mutex<[@Sendable () async throws -> Void]>

        init(_ steps: [@Sendable () async throws -> Void]) { self.steps = Mutex(steps) }

        func unixMilliseconds() -> Int64 { 0 }
        func monotonic() -> Duration { .zero }

        func sleep(for duration: Duration) async throws {
            let step = steps.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            try await step?()
        }
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }

    @Test("writes each line once, as it comes, and what came just before the end")
    func scriptedFollow() async throws {
        try await AuditHarness.with(lines: 3) { harness in
            let stop = Flag()
            let clock = ScriptedClock([
                { try await harness.add(4...5) }, {}, { try await harness.add(6...6) },
                {
                    try await harness.add(7...7)
                    stop.set()
                },
            ])
            let exporter = AuditExporter(StoredAuditLog(harness.store), as: .jsonl)
            let written = Mutex<[[UInt8]]>([])
            let isWhole = try await exporter.follow(
                after: 1, clock: clock, shouldStop: { stop.isSet },
                write: { bytes in written.withLock { $0.append(bytes) } })
            #expect(isWhole)
            let lines = try await harness.lines().dropFirst().map { $0.text + Self.end }
            #expect(written.withLock { $0 } == [lines[0] + lines[1], lines[2] + lines[3], lines[4], lines[5]])
        }
    }

    @Test("is interrupted if it had not written all that was there")
    func interruptedBacklog() async throws {
        try await AuditHarness.with(lines: 1_200) { harness in
            let stop = Flag()
            let exporter = AuditExporter(StoredAuditLog(harness.store), as: .jsonl)
            let isWhole = try await exporter.follow(
                after: 0, clock: ScriptedClock([]), shouldStop: { stop.isSet }, write: { _ in stop.set() })
            #expect(!isWhole)
        }
    }
}
