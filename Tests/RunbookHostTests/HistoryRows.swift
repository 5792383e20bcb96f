import LuaMachine
import Operations

@testable import RunbookHost

/// Rows of a journal, and what they tell.
enum HistoryRows {
    static func row(
        _ kind: JournalRow.Kind, call: UInt32 = 0, task: UInt32 = 1, at time: Int64 = 0, _ name: String = "",
        _ content: JSONValue? = nil, facts: JSONValue? = nil, flags: MachineReply.Reading = []
    ) -> JournalRow {
        JournalRow(
            kind, call: call, task: task, line: 3, flags: flags.rawValue, unixMilliseconds: 1_000 + time,
            runMilliseconds: time, name: name, content: content?.bytes() ?? [], facts: facts?.bytes() ?? [])
    }

    static func read(_ call: UInt32, at time: Int64 = 0) -> JournalRow {
        row(.intent, call: call, at: time, "users.get", ["id": 7], facts: ["effect": "read"])
    }

    static func unlock(_ call: UInt32, at time: Int64 = 0) -> JournalRow {
        row(.intent, call: call, at: time, "users.unlock", ["id": 7], facts: ["effect": "idempotent"])
    }

    static func regenerate(_ call: UInt32) -> JournalRow {
        row(.intent, call: call, "twofa.regenerate", ["id": 7], facts: ["effect": "unsafe"])
    }

    static func change(_ call: UInt32, facts: JSONValue = ["summary": "do it"]) -> JournalRow {
        row(.change, call: call, facts: facts)
    }

    static func answer(_ call: UInt32, at time: Int64 = 0, _ content: JSONValue = .null) -> JournalRow {
        row(.outcome, call: call, at: time, "", content, facts: ["ms": 4, "status": 200])
    }

    static func failure(_ call: UInt32, delivery: APIError.Delivery) -> JournalRow {
        row(
            .outcome, call: call, "", ["kind": "network", "message": "the connection was lost"],
            facts: ["error": "network", "delivery": .string(delivery.rawValue)], flags: .error)
    }

    static func decision(_ call: UInt32, _ name: String, actor: String? = nil) -> JournalRow {
        row(.decision, call: call, name, facts: actor.map { ["actor": .string($0)] })
    }

    /// All that some rows tell.
    static func entries(
        _ rows: [JournalRow], mode: RunMode = .run, isUnderWay: Bool = false
    ) -> [HistoryEntry] {
        var assembly = HistoryAssembly(mode: mode, isUnderWay: isUnderWay, catalogue: .standard)
        for row in rows { assembly.add(row) }
        assembly.end()
        var entries: [HistoryEntry] = []
        while let entry = assembly.next() { entries.append(entry) }
        return entries
    }

    static func calls(_ rows: [JournalRow], mode: RunMode = .run, isUnderWay: Bool = false) -> [RecordedCall] {
        entries(rows, mode: mode, isUnderWay: isUnderWay).compactMap { entry in
            if case .call(let call) = entry { call } else { nil }
        }
    }

    static func record(_ status: RunStatus, mode: RunMode = .run) -> RunRecord {
        var record = RunRecord(
            id: "01run", mode: mode, runbook: "a/b.lua", sha256: "00", limits: RunLimits(), seed: 1, prelude: "",
            isConfined: true, began: 1_000, owner: RunOwner(host: "h", boot: "b", process: 1, processStart: 2))
        record.status = status
        return record
    }

    /// The review of a run with these rows.
    static func review(_ rows: [JournalRow], status: RunStatus = .succeeded, isAlive: Bool? = false) -> RunReview {
        let record = record(status)
        let standing = RunStanding(record, isAlive: { _ in isAlive })
        var review = RunReview(record, standing: standing)
        for entry in entries(rows, isUnderWay: standing.mayGoOnByItself) { review.add(entry) }
        return review
    }
}
