import LuaMachine
import Operations

@testable import RunbookHost

/// A run written down by hand: its record, and the rows of its journal with their places and hashes.
struct JournalSketch {
    var record: RunRecord
    private(set) var rows: [JournalRow] = []
    private var number: UInt32 = 0

    /// 2024-05-01 12:30:00 UTC.
    static let began: Int64 = 1_714_566_600_000

    init(
        id: String = "01hwt8k3v0abc123", runbook: String = "runbooks/unlock-locked-users.lua", mode: RunMode = .run,
        status: RunStatus = .succeeded
    ) {
        record = RunRecord(
            id: id, mode: mode, runbook: runbook, sha256: String(repeating: "3f", count: 32), limits: RunLimits(),
            seed: 7, prelude: "p", isConfined: true, began: Self.began,
            owner: RunOwner(host: "ops1", boot: "b", process: 4_711, processStart: 9))
        record.status = status
        record.actor = "ada"
        record.origin = "command"
        record.version = "0.1.0"
        record.target = ["name": "prod", "console": "https://console.example.com:3780"]
        if status != .running, status != .needsDecision { record.ended = Self.began }
    }

    mutating func add(_ row: JournalRow) {
        var row = row
        row.sequence = Int64(rows.count) + 1
        row.hash = row.chainHash(after: rows.last?.hash ?? [])
        rows.append(row)
    }

    private static func row(
        _ kind: JournalRow.Kind, call: UInt32 = 0, task: UInt32 = 0, line: UInt32 = 0, flags: UInt32 = 0,
        at time: Int64,
        name: String = "", content: JSONValue? = nil, facts: JSONValue? = nil
    ) -> JournalRow {
        JournalRow(
            kind, call: call, task: task, line: line, flags: flags, unixMilliseconds: began + time,
            runMilliseconds: time, name: name, content: content?.bytes() ?? [], facts: facts?.bytes() ?? [])
    }

    /// A call of the script.
    mutating func intent(
        _ operation: String, _ arguments: JSONValue = [:], effect: EffectClass? = .read, task: UInt32 = 1,
        line: UInt32 = 10, at time: Int64
    ) -> UInt32 {
        number += 1
        add(
            Self.row(
                .intent, call: number, task: task, line: line, at: time, name: operation, content: arguments,
                facts: effect.map { ["effect": .string($0.rawValue)] }))
        return number
    }

    /// A change is about to be sent.
    mutating func change(
        _ call: UInt32, _ target: JSONValue? = nil, _ summary: String = "", _ changes: [JSONValue] = [],
        image: JSONValue? = nil, at time: Int64
    ) {
        var facts: [String: JSONValue] = [:]
        facts["target"] = target
        if !summary.isEmpty { facts["summary"] = .string(summary) }
        if !changes.isEmpty { facts["changes"] = .array(changes) }
        facts["image"] = image
        add(Self.row(.change, call: call, at: time, facts: .object(facts)))
    }

    /// The answer to a call.
    mutating func outcome(
        _ call: UInt32, _ content: JSONValue = .null, status: Int64 = 200, attempts: Int64 = 1, ms: Int64 = 20,
        at time: Int64
    ) {
        var facts: [String: JSONValue] = ["status": .integer(status), "ms": .integer(ms)]
        if attempts > 1 { facts["attempts"] = .integer(attempts) }
        add(Self.row(.outcome, call: call, at: time, content: content, facts: .object(facts)))
    }

    /// A call fails.
    mutating func failure(
        _ call: UInt32, _ kind: String, _ message: String, status: Int64? = nil, delivery: String = "answered",
        at time: Int64
    ) {
        var table: [String: JSONValue] = ["kind": .string(kind), "message": .string(message)]
        var facts: [String: JSONValue] = ["error": .string(kind), "delivery": .string(delivery), "ms": 30]
        if let status {
            table["status"] = .integer(status)
            facts["status"] = .integer(status)
        }
        add(
            Self.row(
                .outcome, call: call, flags: MachineReply.Reading.error.rawValue, at: time, content: .object(table),
                facts: .object(facts)))
    }

    mutating func log(_ level: String, _ message: String, _ fields: JSONValue = .null, task: UInt32 = 1, at time: Int64)
    {
        add(
            Self.row(
                .log, task: task, line: 12, at: time, name: level,
                content: ["message": .string(message), "fields": fields]))
    }

    mutating func decision(_ call: UInt32, _ name: String, actor: String = "ada", at time: Int64) {
        add(Self.row(.decision, call: call, at: time, name: name, facts: ["actor": .string(actor)]))
    }

    mutating func resumption(at time: Int64) {
        add(
            Self.row(
                .resumption, at: time,
                content: RunOwner(host: "ops2", boot: "c", process: 99, processStart: 3).json))
    }

    mutating func restoration(_ operation: String, _ arguments: JSONValue, _ summary: String, at time: Int64) {
        add(
            Self.row(
                .restoration, at: time, name: operation, content: arguments, facts: ["summary": .string(summary)]))
    }

    /// Lets the run be over.
    mutating func end(_ status: RunStatus, at time: Int64, result: JSONValue = .null, error: JSONValue = .null) {
        record.status = status
        record.ended = Self.began + time
        record.duration = time
        record.result = result
        record.error = error
        record.calls = rows.count { $0.kind == .intent }
    }

    /// Puts the run into a store.
    func keep(in store: some RunStore) async throws {
        let lease = try await store.begin(record, audit: [])
        try await store.append(rows, audit: [], lease: lease, isDurable: true)
    }

    /// The run's history.
    ///
    /// - Parameter isAlive: whether its process lives. Default: it is dead.
    func history(isAlive: Bool? = false) async throws -> RunHistory {
        let store = InMemoryStore()
        try await keep(in: store)
        return RunHistory(of: record, in: store, page: 7, isAlive: { _ in isAlive })
    }

    /// What follows from it.
    func review(isAlive: Bool? = false) async throws -> RunReview {
        try await RunReview(reading: history(isAlive: isAlive))
    }
}
