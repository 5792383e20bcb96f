import Operations
import RunbookHost
import Testing

/// A run's record as JSON, and back.
@Suite struct RunRecordStorageTests {
    private static let owner = RunOwner(host: "jump", boot: "b", process: 7, processStart: 8)

    private static func plain() -> RunRecord {
        RunRecord(
            id: "run-1", mode: .run, runbook: "a.lua", sha256: "ab", limits: RunLimits(), seed: 7, prelude: "p",
            isConfined: true, began: 5, owner: owner)
    }

    /// Each changes one member.
    private static let changes: [(String, @Sendable (inout RunRecord) -> Void)] = [
        ("nothing", { _ in }),
        ("id", { $0.id = "run-2" }),
        ("mode", { $0.mode = .apply }),
        ("isStatement", { $0.isStatement = true }),
        ("status", { $0.status = .needsDecision }),
        ("runbook", { $0.runbook = "ü/\u{0}\".lua" }),
        ("sha256", { $0.sha256 = "cd" }),
        ("title", { $0.title = "Unlock" }),
        ("signed by", { $0.signedBy = "93ff" }),
        ("parameters", { $0.parameters = ["a": 1, "b": .array([.null, true, 0.5, "‹secret›"])] }),
        ("time", { $0.limits.time = .seconds(90) + .nanoseconds(1) }),
        ("an endless time", { $0.limits.time = .seconds(Int64.max) }),
        ("memory", { $0.limits.memory = 1 }),
        ("calls limit", { $0.limits.calls = 2 }),
        ("changes limit", { $0.limits.changes = 3 }),
        ("log", { $0.limits.log = 4 }),
        ("result limit", { $0.limits.result = 5 }),
        ("tasks", { $0.limits.tasks = 6 }),
        ("source", { $0.limits.source = Int.max }),
        ("seed", { $0.seed = .max }),
        ("target", { $0.target = ["name": "lab", "console": "https://c.example"] }),
        ("actor", { $0.actor = "ada" }),
        ("origin", { $0.origin = "repl" }),
        ("plan", { $0.plan = "p-1" }),
        ("approval", { $0.approval = "yes" }),
        ("version", { $0.version = "1.0" }),
        ("prelude", { $0.prelude = "q" }),
        ("confined", { $0.isConfined = false }),
        ("manifest", { $0.requiresManifest = false }),
        ("began", { $0.began = .min }),
        ("ended", { $0.ended = 0 }),
        ("duration", { $0.duration = 9 }),
        ("calls", { $0.calls = 10 }),
        ("changes", { $0.changes = ["done": 1, "unknown": 2] }),
        ("result", { $0.result = ["a": .array([])] }),
        ("a result that is false", { $0.result = false }),
        ("error", { $0.error = ["kind": "error"] }),
        ("sealed", { $0.sealed = (0...255).map { UInt8($0) } }),
        ("owner", { $0.owner = RunOwner(host: "x", boot: "y", process: 1, processStart: 2) }),
    ]

    @Test(arguments: changes.indices)
    func everyMemberComesBack(_ index: Int) throws {
        let (name, change) = Self.changes[index]
        var record = Self.plain()
        change(&record)
        #expect((record == Self.plain()) == (name == "nothing"))
        #expect(RunRecord(try JSONValue(parsing: record.json.bytes())) == record, "\(name)")
        #expect((record.json == Self.plain().json) == (name == "nothing"), "\(name)")
    }

    @Test func everyMemberIsAmongThem() {
        // A member that is added to a record is to be kept, and tested above.
        #expect(Mirror(reflecting: Self.plain()).children.count == 29)
        #expect(Mirror(reflecting: RunLimits()).children.count == 8)
    }

    @Test func whatEveryRunHasMustBeThere() {
        guard case .object(let members) = Self.plain().json else {
            Issue.record("no object")
            return
        }
        for key in members.keys {
            var fewer = members
            fewer[key] = nil
            #expect(RunRecord(.object(fewer)) == nil, "\(key)")
            fewer[key] = key == "target" ? nil : .array([])
            #expect(RunRecord(.object(fewer)) == nil, "\(key)")
        }
        #expect(RunRecord(.null) == nil)
    }
}
