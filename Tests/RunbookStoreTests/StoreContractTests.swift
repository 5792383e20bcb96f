import Operations
import RunbookHost
import RunbookStore
import Testing

/// What every store does alike.
@Suite final class StoreContractTests: Sendable {
    private let folder = TemporaryFolder()
    private let clock = ManualClock()

    // MARK: Runs

    @Test(arguments: StoreKind.allCases)
    func aNewRunIsThereAndBelongsToWhoBeganIt(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [.sample()])
        #expect(lease == RunLease(run: "run-1", epoch: 1))
        #expect(try await store.run("run-1") == .sample("run-1"))
        #expect(try await store.lines().count == 1)
        #expect(try await store.rows(of: "run-1").isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func allThatIsKnownOfARunIsKept(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.full("run-1"), audit: [])
        #expect(try await store.run("run-1") == .full("run-1"))
        #expect(try await store.runs(RunFilter()) == [.full("run-1")])
    }

    @Test(arguments: StoreKind.allCases)
    func anIdIsNotUsedTwice(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.sample("run-1"), audit: [.sample()])
        await #expect(throws: StoreError.unusable("cannot record the run run-1: there is one of this id")) {
            try await store.begin(.sample("run-1"), audit: [.sample()])
        }
        #expect(try await store.lines().count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsNotThereIsUnknown(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = RunLease(run: "run-1", epoch: 1)
        await #expect(throws: StoreError.unknown("run-1")) { try await store.run("run-1") }
        await #expect(throws: StoreError.unknown("run-1")) { try await store.journal(of: "run-1", after: 0, limit: 1) }
        await #expect(throws: StoreError.unknown("run-1")) { try await store.renew(lease) }
        await #expect(throws: StoreError.unknown("run-1")) {
            try await store.append([], audit: [], lease: lease, isDurable: true)
        }
        await #expect(throws: StoreError.unknown("run-1")) {
            try await store.update(.sample("run-1"), rows: [], audit: [], lease: lease)
        }
        await #expect(throws: StoreError.unknown("run-1")) {
            try await store.acquire(run: "run-1", owner: Owners.second) { _ in false }
        }
        await #expect(throws: StoreError.unknown("plan-1")) { try await store.plan("plan-1") }
        await #expect(throws: StoreError.unknown("plan-1")) { try await store.claim(plan: "plan-1", for: "run-1") }
        #expect(try await store.auditHead() == nil)
        #expect(try await store.runs(RunFilter()).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func runsAreFoundByABeginningThatNoOtherHas(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        for id in ["abcd1", "abcd1x", "abcd2", "abcd3", "abcd4", "abcd5", "abcd6", "zz", "zzzz9"] {
            _ = try await store.begin(.sample(id), audit: [])
        }
        #expect(try await store.run("zzzz").id == "zzzz9")
        #expect(try await store.run("abcd1x").id == "abcd1x")
        // A whole id is one even if it is short, or the beginning of another.
        #expect(try await store.run("zz").id == "zz")
        #expect(try await store.run("abcd1").id == "abcd1")
        await #expect(throws: StoreError.unknown("abcd7")) { try await store.run("abcd7") }
        await #expect(throws: StoreError.unknown("%")) { try await store.run("%") }
        let several = await #expect(throws: StoreError.self) { try await store.run("abcd") }
        #expect(
            several?.description
                == "'abcd' is the beginning of several runs: abcd1, abcd1x, abcd2, abcd3, abcd4 and others; give more of the id"
        )
        let short = await #expect(throws: StoreError.self) { try await store.run("zzz") }
        #expect(
            short?.description
                == "'zzz' is too short to tell which run is meant: give its id, or the first 4 characters of it or more"
        )
    }

    @Test(arguments: StoreKind.allCases)
    func runsAreListedNewestFirst(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.sample("middle", began: 2_000), audit: [])
        _ = try await store.begin(.sample("oldest", began: 1_000), audit: [])
        _ = try await store.begin(.sample("newest", began: 3_000), audit: [])
        _ = try await store.begin(.sample("beside", began: 3_000), audit: [])
        #expect(try await store.runs(RunFilter()).map(\.id) == ["beside", "newest", "middle", "oldest"])
        #expect(try await store.runs(RunFilter(limit: 2)).map(\.id) == ["beside", "newest"])
        #expect(try await store.runs(RunFilter(limit: 0)).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func aListShowsWhatWasAskedFor(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        for (id, runbook) in [("run-1", "a/unlock.lua"), ("run-2", "b/unlock.lua"), ("run-3", "audit.lua")] {
            let lease = try await store.begin(.sample(id, runbook: runbook), audit: [])
            var record = RunRecord.sample(id, runbook: runbook)
            record.status = id == "run-2" ? .failed : .succeeded
            if id != "run-3" { try await store.update(record, rows: [], audit: [], lease: lease) }
        }
        func ids(_ filter: RunFilter) async throws -> [String] { try await store.runs(filter).map(\.id).sorted() }
        #expect(try await ids(RunFilter(statuses: [.failed])) == ["run-2"])
        #expect(try await ids(RunFilter(statuses: [.failed, .running])) == ["run-2", "run-3"])
        #expect(try await ids(RunFilter(runbook: "a/unlock.lua")) == ["run-1"])
        #expect(try await ids(RunFilter(runbook: "unlock.lua")) == ["run-1", "run-2"])
        #expect(try await ids(RunFilter(runbook: "unlock")) == ["run-1", "run-2"])
        #expect(try await ids(RunFilter(statuses: [.succeeded], runbook: "unlock")) == ["run-1"])
        #expect(try await ids(RunFilter(runbook: "lock")) == [])
        #expect(try await ids(RunFilter(runbook: "c/unlock.lua")) == [])
    }

    // MARK: The journal

    @Test(arguments: StoreKind.allCases)
    func rowsAreReadAsTheyWereWritten(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        var journal = SampleJournal()
        let rows = journal.rows(20)
        try await store.append(Array(rows[..<3]), audit: [], lease: lease, isDurable: true)
        try await store.append(Array(rows[3..<19]), audit: [], lease: lease, isDurable: false)
        try await store.update(.sample("run-1"), rows: [rows[19]], audit: [], lease: lease)
        #expect(try await store.rows(of: "run-1") == rows)
    }

    @Test(arguments: StoreKind.allCases)
    func rowsAreReadInPages(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        let other = try await store.begin(.sample("run-2"), audit: [])
        var (journal, otherJournal) = (SampleJournal(), SampleJournal())
        let rows = journal.rows(10)
        for row in rows {
            try await store.append([row], audit: [], lease: lease, isDurable: false)
            try await store.append(otherJournal.rows(2), audit: [], lease: other, isDurable: false)
        }
        #expect(try await store.journal(of: "run-1", after: 0, limit: 4) == Array(rows[..<4]))
        #expect(try await store.journal(of: "run-1", after: 4, limit: 4) == Array(rows[4..<8]))
        #expect(try await store.journal(of: "run-1", after: 8, limit: 4) == Array(rows[8...]))
        #expect(try await store.journal(of: "run-1", after: 10, limit: 4).isEmpty)
        #expect(try await store.journal(of: "run-1", after: 0, limit: 0).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func largeAndEmptyRowsAreKept(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        var journal = SampleJournal()
        let rows = [
            journal.row(content: []), journal.row(content: [UInt8](repeating: 0, count: 3 << 20)), journal.row(),
        ]
        try await store.append(rows, audit: [], lease: lease, isDurable: true)
        #expect(try await store.rows(of: "run-1") == rows)
    }

    @Test(arguments: StoreKind.allCases)
    func aRowThatDoesNotFollowIsRefused(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        var journal = SampleJournal()
        let rows = journal.rows(4)
        try await store.append([rows[0]], audit: [], lease: lease, isDurable: true)
        var altered = rows[2]
        altered.content = Array("[8]".utf8)
        for wrong in [[rows[2]], [rows[0]], [rows[1], rows[1]], [rows[1], altered], [rows[1], rows[3]]] {
            let error = await #expect(throws: StoreError.self) {
                try await store.append(wrong, audit: [.sample()], lease: lease, isDurable: true)
            }
            #expect(error?.description.hasPrefix("cannot add row \(wrong.last?.sequence ?? 0) to the journal") == true)
        }
        #expect(try await store.rows(of: "run-1") == [rows[0]])
        #expect(try await store.auditHead() == nil)
        try await store.append(Array(rows[1...]), audit: [], lease: lease, isDurable: true)
        #expect(try await store.rows(of: "run-1") == rows)
    }

    // MARK: Leases

    @Test(arguments: StoreKind.allCases)
    func aRunOfALivingOwnerIsNotTakenOver(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.sample("run-1"), audit: [])
        clock.wait(milliseconds: 10 * RunLease.milliseconds)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) {
            try await store.acquire(run: "run-1", owner: Owners.second) { $0 == Owners.first }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aRunOfADeadOwnerIsTakenOverAtOnce(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.sample("run-1"), audit: [])
        let lease = try await store.acquire(run: "run-1", owner: Owners.second) { $0 != Owners.first }
        #expect(lease == RunLease(run: "run-1", epoch: 2))
        #expect(try await store.run("run-1").owner == Owners.second)
        #expect(try await store.runs(RunFilter()).map(\.owner) == [Owners.second])
    }

    @Test(arguments: StoreKind.allCases)
    func aRunOfAnOwnerThatCannotBeSeenIsTakenOverWhenItsLeaseHasRunOut(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        var journal = SampleJournal()
        func take() async throws -> RunLease {
            try await store.acquire(run: "run-1", owner: Owners.third) { _ in nil }
        }
        clock.wait(milliseconds: RunLease.milliseconds - 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) { try await take() }
        // Each of these is a sign of life.
        try await store.renew(lease)
        clock.wait(milliseconds: RunLease.milliseconds - 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) { try await take() }
        try await store.append(journal.rows(1), audit: [], lease: lease, isDurable: false)
        clock.wait(milliseconds: RunLease.milliseconds - 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) { try await take() }
        try await store.update(.sample("run-1"), rows: [], audit: [], lease: lease)
        clock.wait(milliseconds: RunLease.milliseconds - 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) { try await take() }
        clock.wait(milliseconds: 1)
        #expect(try await take() == RunLease(run: "run-1", epoch: 2))
        // The new one holds as long.
        clock.wait(milliseconds: RunLease.milliseconds - 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.third)) { try await take() }
    }

    @Test(arguments: StoreKind.allCases)
    func whoWasReplacedWritesNothing(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let old = try await store.begin(.sample("run-1"), audit: [])
        var journal = SampleJournal()
        let rows = journal.rows(2)
        try await store.append([rows[0]], audit: [], lease: old, isDurable: true)
        let new = try await store.acquire(run: "run-1", owner: Owners.second) { _ in false }
        let refusal = StoreError.owned(run: "run-1", by: Owners.second)
        await #expect(throws: refusal) {
            try await store.append([rows[1]], audit: [.sample()], lease: old, isDurable: true)
        }
        await #expect(throws: refusal) { try await store.renew(old) }
        var record = RunRecord.sample("run-1")
        record.status = .failed
        await #expect(throws: refusal) {
            try await store.update(record, rows: [rows[1]], audit: [.sample()], lease: old)
        }
        #expect(try await store.rows(of: "run-1") == [rows[0]])
        #expect(try await store.run("run-1").status == .running)
        #expect(try await store.lines().isEmpty)
        try await store.append([rows[1]], audit: [], lease: new, isDurable: true)
        #expect(try await store.rows(of: "run-1") == rows)
    }

    @Test(arguments: StoreKind.allCases, RunStatus.allCases)
    func whoHasEndedARunGivesItsLeaseBack(_ kind: StoreKind, _ status: RunStatus) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        var record = RunRecord.sample("run-1")
        record.status = status
        try await store.update(record, rows: [], audit: [.sample()], lease: lease)
        #expect(try await store.run("run-1") == record)
        #expect(try await store.lines().count == 1)
        // The owner lives on, with other runs.
        func take() async throws -> RunLease {
            try await store.acquire(run: "run-1", owner: Owners.second) { _ in true }
        }
        if status == .running {
            await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) { try await take() }
            return
        }
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.first)) {
            try await store.append([], audit: [], lease: lease, isDurable: true)
        }
        // A timer of the owner's may be late; that does not take the run back.
        try await store.renew(lease)
        #expect(try await take() == RunLease(run: "run-1", epoch: 2))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyThatTakeARunOverOneGetsIt(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        _ = try await store.begin(.sample("run-1"), audit: [])
        let taken = await withTaskGroup(of: Bool.self) { group in
            for process in 0..<8 {
                group.addTask {
                    let owner = RunOwner(host: "jump", boot: "a", process: Int32(process), processStart: 1)
                    let lease = try? await store.acquire(run: "run-1", owner: owner) { $0 != Owners.first }
                    return lease != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func aLeaseIsForItsOwnRunOnly(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        _ = try await store.begin(.sample("run-2"), audit: [])
        await #expect(throws: StoreError.unusable("cannot record the run run-2 with the lease of run-1")) {
            try await store.update(.sample("run-2"), rows: [], audit: [], lease: lease)
        }
    }

    // MARK: Plans

    @Test(arguments: StoreKind.allCases)
    func aPlanIsKeptAndWorksOnce(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        var plan = StoredPlan(id: "plan-1", made: 5, document: Array("{}".utf8))
        try await store.keep(plan: plan, audit: [.sample()])
        try await store.keep(plan: StoredPlan(id: "plat-1", made: 6, document: []), audit: [])
        #expect(try await store.plan("plan-1") == plan)
        #expect(try await store.plan("plan") == plan)
        #expect(try await store.lines().count == 1)
        await #expect(throws: StoreError.self) { try await store.keep(plan: plan, audit: [.sample()]) }
        #expect(try await store.lines().count == 1)

        try await store.claim(plan: "plan-1", for: "run-1")
        plan.appliedBy = "run-1"
        #expect(try await store.plan("plan-1") == plan)
        await #expect(throws: StoreError.planUsed(plan: "plan-1", run: "run-1")) {
            try await store.claim(plan: "plan-1", for: "run-2")
        }
        // The same run may say it again.
        try await store.claim(plan: "plan-1", for: "run-1")
        #expect(try await store.plan("plat-1").appliedBy == nil)
    }

    // MARK: Audit

    @Test(arguments: StoreKind.allCases)
    func linesOfSeveralRunsAreOneChain(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        let first = try await store.begin(.sample("run-1"), audit: [.sample(1)])
        let second = try await store.begin(.sample("run-2"), audit: [.sample(2), .sample(3)])
        try await store.append([], audit: [.sample(4)], lease: first, isDurable: false)
        try await store.append([], audit: [.sample(5)], lease: second, isDurable: true)
        try await store.audit([.sample(6)])
        try await store.audit([])
        try await store.keep(plan: StoredPlan(id: "plan-1", made: 0, document: []), audit: [.sample(7)])
        try await store.update(.sample("run-2"), rows: [], audit: [.sample(8)], lease: second)

        let lines = try await store.lines()
        #expect(try isOneChain(lines))
        #expect(try lines.map { try JSONValue(parsing: $0.text)["number"]?.integerValue } == (1...8).map(Int64.init))
        #expect(try await store.auditHead() == lines.last.map { AuditHead(sequence: $0.sequence, hash: $0.hash) })
        #expect(try await store.auditLines(after: 3, limit: 2) == Array(lines[3..<5]))
        #expect(try await store.auditLines(after: 8, limit: 2).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func whatComesAtTheSameMomentIsAllThere(_ kind: StoreKind) async throws {
        let store = kind.store(in: folder, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                group.addTask {
                    let lease = try await store.begin(.sample("run-\(number)"), audit: [.sample()])
                    var journal = SampleJournal()
                    for step in 0..<5 {
                        try await store.append(
                            journal.rows(2), audit: [.sample()], lease: lease, isDurable: step % 2 == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<12 {
            var journal = SampleJournal()
            #expect(try await store.rows(of: "run-\(number)") == journal.rows(10))
        }
        let lines = try await store.lines()
        #expect(lines.count == 12 * 6)
        #expect(try isOneChain(lines))
    }
}
