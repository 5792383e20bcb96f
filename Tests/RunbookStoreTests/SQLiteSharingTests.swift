import Glibc
import RunbookHost
import RunbookStore
import Synchronization
import Testing

/// Several stores, in one process and in several, on one file.
@Suite final class SQLiteSharingTests: Sendable {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/state/runbook.db" }

    @Test func storesThatMakeOneFileAtTheSameMomentShareIt() async throws {
        let path = path
        let stores = (0..<6).map { _ in SQLiteStore(path: path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, store) in stores.enumerated() {
                group.addTask {
                    try await fill(store, run: "run-\(number)", steps: 8)
                }
            }
            try await group.waitForAll()
        }
        for store in stores {
            #expect(try await store.runs(RunFilter()).count == 6)
            let lines = try await store.lines()
            #expect(lines.count == 6 * 9)
            #expect(try isOneChain(lines))
        }
        // Whoever is closed leaves the others as they are.
        await stores[0].close()
        try await stores[1].audit([.sample()])
        #expect(try await stores[2].auditHead()?.sequence == 55)
    }

    @Test func aRunThatAnotherStoreTookOverIsNotWrittenTo() async throws {
        let (first, second) = (SQLiteStore(path: path), SQLiteStore(path: path))
        var journal = SampleJournal()
        let rows = journal.rows(3)
        let old = try await first.begin(.sample("run-1"), audit: [])
        try await first.append([rows[0]], audit: [], lease: old, isDurable: false)
        let new = try await second.acquire(run: "run-1", owner: Owners.second) { _ in false }
        try await second.append([rows[1]], audit: [], lease: new, isDurable: true)
        await #expect(throws: StoreError.owned(run: "run-1", by: Owners.second)) {
            try await first.append([rows[2]], audit: [.sample()], lease: old, isDurable: true)
        }
        #expect(try await first.rows(of: "run-1") == Array(rows[..<2]))
    }

    @Test func twoProcessesMakeOneChain() async throws {
        let store = SQLiteStore(path: path)
        // The child begins when the file appears, so that both also make it at the same moment.
        async let child = #expect(processExitsWith: .success) { [path = path as String] in
            try await fill(SQLiteStore(path: path), run: "child", steps: 60)
        }
        try await fill(store, run: "parent", steps: 60)
        _ = await child
        let lines = try await store.lines()
        #expect(lines.count == 2 * 61)
        #expect(try isOneChain(lines))
        for run in ["child", "parent"] {
            var journal = SampleJournal()
            #expect(try await store.rows(of: run) == journal.rows(120))
        }
    }

    @Test func whatWasAnsweredOutlivesTheProcess() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await fill(SQLiteStore(path: path), run: "run-1", steps: 10)
            kill(getpid(), SIGKILL)
        }
        let store = SQLiteStore(path: path)
        var journal = SampleJournal()
        #expect(try await store.rows(of: "run-1") == journal.rows(20))
        #expect(try isOneChain(try await store.lines()))
        // Its owner is seen to be dead.
        #expect(try await store.run("run-1").owner.isAlive == false)
        let lease = try await store.acquire(run: "run-1", owner: .current) { $0.isAlive }
        try await store.append(journal.rows(1), audit: [], lease: lease, isDurable: true)
        await #expect(throws: StoreError.owned(run: "run-1", by: .current)) {
            try await store.acquire(run: "run-1", owner: .current) { $0.isAlive }
        }
    }

    @Test func aProcessThatIsKilledAtWorkLeavesWholeStepsOnly() async throws {
        let log = folder.path + "/answered"
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, log = log as String] in
            await workUntilKilled(SQLiteStore(path: path), log: log)
        }
        let answers = try TemporaryFolder.contents(of: log)
        #expect(answers.count >= 100)
        let store = SQLiteStore(path: path)
        var steps = 0
        for number in 0..<8 {
            let answered = answers.count { $0 == UInt8(ascii: "0") + UInt8(number) }
            let rows = try await store.rows(of: "run-\(number)")
            var journal = SampleJournal()
            #expect(rows.count.isMultiple(of: 2) && rows.count / 2 >= answered && rows.count / 2 <= answered + 1)
            #expect(rows == journal.rows(rows.count))
            steps += rows.count / 2
        }
        let lines = try await store.lines()
        #expect(lines.count == steps)
        #expect(try isOneChain(lines))
    }
}

/// A run that writes rows and lines, durable and not in turn.
private func fill(_ store: SQLiteStore, run: String, steps: Int) async throws {
    let lease = try await store.begin(.sample(run, owner: .current), audit: [.sample()])
    var journal = SampleJournal()
    for step in 0..<steps {
        try await store.append(journal.rows(2), audit: [.sample(step)], lease: lease, isDurable: step % 2 == 0)
    }
}

/// Eight runs that write at once, and note in a file what was answered, until this process kills itself.
private func workUntilKilled(_ store: SQLiteStore, log: String) async {
    final class Answers: Sendable {
        let count = Atomic<Int>(0)
    }
    let answers = Answers()
    let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    await withTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
            group.addTask {
                guard let lease = try? await store.begin(.sample("run-\(number)"), audit: []) else { return }
                var journal = SampleJournal()
                while true {
                    try? await store.append(journal.rows(2), audit: [.sample()], lease: lease, isDurable: true)
                    // What was written to a file is there although its writer was killed.
                    _ = write(file, "\(number)", 1)
                    // The others are in the middle of something.
                    if answers.count.wrappingAdd(1, ordering: .relaxed).newValue == 100 { kill(getpid(), SIGKILL) }
                }
            }
        }
    }
}
