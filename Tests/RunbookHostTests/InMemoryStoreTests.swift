import RunbookHost
import Testing

/// What programs that embed the host get without a database; the contract of all stores is tested with theirs.
@Suite struct InMemoryStoreTests {
    private func record(_ id: String) -> RunRecord {
        RunRecord(
            id: id, mode: .run, runbook: "a.lua", sha256: "ab", limits: RunLimits(), seed: 7, prelude: "p",
            isConfined: true, began: 5, owner: RunOwner(host: "jump", boot: "b", process: 7, processStart: 8))
    }

    private func rows(_ count: Int) -> [JournalRow] {
        var hash: [UInt8] = []
        return (1...count).map { number in
            var row = JournalRow(.log, unixMilliseconds: 1, runMilliseconds: 2, name: "info")
            row.sequence = Int64(number)
            row.hash = row.chainHash(after: hash)
            hash = row.hash
            return row
        }
    }

    @Test func aRunIsKeptWhileTheStoreIs() async throws {
        let store = InMemoryStore()
        let lease = try await store.begin(record("run-1"), audit: [])
        let rows = rows(3)
        try await store.append(rows, audit: [], lease: lease, isDurable: true)
        #expect(try await store.journal(of: "run-1", after: 1, limit: 10) == Array(rows[1...]))
        #expect(try await store.journal(of: "run-1", after: -5, limit: -5).isEmpty)
        #expect(try await store.run("run-1") == record("run-1"))
        await #expect(throws: StoreError.unknown("run-1")) { try await InMemoryStore().run("run-1") }
    }

    @Test func aLeaseIsMeasuredByTheSystemsClock() async throws {
        let store = InMemoryStore()
        _ = try await store.begin(record("run-1"), audit: [])
        let owner = RunOwner(host: "other", boot: "b", process: 1, processStart: 1)
        await #expect(throws: StoreError.owned(run: "run-1", by: record("run-1").owner)) {
            try await store.acquire(run: "run-1", owner: owner) { _ in nil }
        }
    }

    @Test func manyRunsAtOnceDoNotDisturbEachOther() async throws {
        let store = InMemoryStore()
        let rows = rows(20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask {
                    let lease = try await store.begin(record("run-\(number)"), audit: [])
                    for row in rows { try await store.append([row], audit: [], lease: lease, isDurable: true) }
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<32 {
            #expect(try await store.journal(of: "run-\(number)", after: 0, limit: .max) == rows)
        }
    }
}
