import Operations
import RunbookHost
import RunbookStore

/// Owners of runs that only look at each other.
enum Owners {
    static let first = RunOwner(host: "jump-1", boot: "a", process: 100, processStart: 5_000)
    static let second = RunOwner(host: "jump-1", boot: "a", process: 200, processStart: 6_000)
    static let third = RunOwner(host: "jump-2", boot: "b", process: 300, processStart: 7_000)
}

extension RunRecord {
    /// A run that begins now.
    static func sample(
        _ id: String, runbook: String = "runbooks/unlock.lua", began: Int64 = 1_700_000_000_000,
        owner: RunOwner = Owners.first
    ) -> RunRecord {
        RunRecord(
            id: id, mode: .run, runbook: runbook, sha256: String(repeating: "ab", count: 32), limits: RunLimits(),
            seed: 7,
            prelude: "prelude", isConfined: true, began: began, owner: owner)
    }

    /// A run of which everything is known.
    static func full(_ id: String) -> RunRecord {
        var limits = RunLimits()
        limits.time = .seconds(90) + .nanoseconds(1)
        limits.memory = 1 << 20
        limits.calls = 1
        limits.changes = 2
        limits.log = 3
        limits.result = 4
        limits.tasks = 5
        limits.source = 6
        var record = RunRecord(
            id: id, mode: .apply, runbook: "rüns/\u{0}a\"b.lua", sha256: "cd", limits: limits, seed: .max,
            prelude: "ef",
            isConfined: false, began: -1, owner: Owners.third)
        record.status = .needsDecision
        record.title = "Unlock"
        record.parameters = ["role": "admin", "count": 3, "share": 0.5, "all": .array([true, .null])]
        record.target = ["name": "lab", "console": "https://console.example"]
        record.actor = "ada"
        record.origin = "schedule:nightly"
        record.plan = "p1"
        record.approval = "asked"
        record.version = "1.2"
        record.requiresManifest = false
        record.ended = 1_700_000_000_500
        record.duration = 400
        record.calls = 12
        record.changes = ["done": 3, "failed": 1]
        record.result = ["unlocked": .array(["ada"])]
        record.error = ["kind": "error", "message": "no"]
        record.sealed = (0...255).map { UInt8($0) }
        return record
    }
}

/// The rows of one run's journal as its owner makes them.
struct SampleJournal {
    private(set) var sequence: Int64 = 0
    private(set) var hash: [UInt8] = []

    /// A row that follows the last one.
    mutating func row(content: [UInt8] = Array("[7]".utf8)) -> JournalRow {
        sequence += 1
        let kind = JournalRow.Kind.allCases[Int(sequence) % JournalRow.Kind.allCases.count]
        var row = JournalRow(
            kind, call: UInt32(sequence), task: 1, position: UInt32(sequence), line: .max, flags: 3,
            unixMilliseconds: 1_700_000_000_000 + sequence, runMilliseconds: sequence, name: "users.unlock",
            content: content, facts: Array(#"{"effect":"idempotent"}"#.utf8), sealed: sequence % 2 == 0 ? [0, 255] : [])
        row.sequence = sequence
        row.hash = row.chainHash(after: hash)
        hash = row.hash
        return row
    }

    /// So many rows that follow.
    mutating func rows(_ count: Int) -> [JournalRow] { (0..<count).map { _ in row() } }
}

extension AuditEvent {
    /// A line about a call.
    static func sample(_ number: Int = 1) -> AuditEvent {
        AuditEvent(.call, unixMilliseconds: 1_700_000_000_000, ["number": .integer(Int64(number)), "run": "r"])
    }
}

extension RunStore {
    /// All rows of a run.
    func rows(of run: String) async throws -> [JournalRow] { try await journal(of: run, after: 0, limit: .max) }

    /// All lines of the audit log.
    func lines() async throws -> [AuditLine] { try await auditLines(after: 0, limit: .max) }
}

/// Whether each line follows the one before.
func isOneChain(_ lines: [AuditLine]) throws -> Bool {
    var head: AuditHead?
    for line in lines {
        let members = try JSONValue(parsing: line.text)
        guard line.sequence == (head?.sequence ?? 0) + 1, members["sequence"]?.integerValue == line.sequence,
            members["previous"]?.stringValue == head?.hash ?? AuditLine.start, members["hash"]?.stringValue == line.hash
        else { return false }
        head = AuditHead(sequence: line.sequence, hash: line.hash)
    }
    return true
}
