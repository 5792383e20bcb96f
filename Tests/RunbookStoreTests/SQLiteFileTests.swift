import Glibc
import RunbookHost
import Testing

@testable import RunbookStore

/// What a store makes on the disk, and for whom.
@Suite final class SQLiteFileTests: Sendable {
    private let folder = TemporaryFolder()

    @Test func nothingIsMadeBeforeItIsNeeded() async throws {
        let path = folder.path + "/a/b/runbook.db"
        let store = SQLiteStore(path: path)
        #expect(TemporaryFolder.mode(of: folder.path + "/a") == nil)
        await store.close()
        #expect(TemporaryFolder.mode(of: folder.path + "/a") == nil)
        #expect(try await store.auditHead() == nil)
        #expect(TemporaryFolder.mode(of: path) != nil)
    }

    @Test func whatIsMadeIsForThisUserAlone() async throws {
        let path = folder.path + "/a/b/runbook.db"
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        #expect(TemporaryFolder.mode(of: folder.path + "/a") == 0o700)
        #expect(TemporaryFolder.mode(of: folder.path + "/a/b") == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(TemporaryFolder.mode(of: path + suffix) == 0o600) }
    }

    @Test func aFolderThatIsThereKeepsItsMode() async throws {
        try #require(chmod(folder.path, 0o750) == 0)
        let store = SQLiteStore(path: folder.path + "/runbook.db")
        _ = try await store.begin(.sample("run-1"), audit: [])
        #expect(TemporaryFolder.mode(of: folder.path) == 0o750)
        #expect(TemporaryFolder.mode(of: folder.path + "/runbook.db") == 0o600)
    }

    @Test(arguments: ["a b", "file:x?mode=memory", "%41#", "über", "'\""])
    func anyNameIsAName(_ name: String) async throws {
        let path = "\(folder.path)/\(name)/\(name)"
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        #expect(TemporaryFolder.mode(of: path) == 0o600)
        #expect(try await SQLiteStore(path: path).run("run-1") == .sample("run-1"))
    }

    @Test func whatWasKeptIsThereInTheNextProgram() async throws {
        let path = folder.path + "/runbook.db"
        var journal = SampleJournal()
        let first = SQLiteStore(path: path)
        let lease = try await first.begin(.full("run-1"), audit: [.sample()])
        try await first.append(journal.rows(5), audit: [.sample()], lease: lease, isDurable: true)
        try await first.keep(plan: StoredPlan(id: "plan-1", made: 1, document: [1, 2]), audit: [.sample()])
        await first.close()

        let second = SQLiteStore(path: path)
        var expected = SampleJournal()
        #expect(try await second.rows(of: "run-1") == expected.rows(5))
        #expect(try await second.run("run-1") == .full("run-1"))
        #expect(try await second.plan("plan-1").document == [1, 2])
        #expect(try isOneChain(try await second.lines()))
        #expect(try await second.auditHead()?.sequence == 3)
    }

    @Test func aFileThatIsGoneIsNotMadeAnewAndIsUsedAgainOnceItIsBack() async throws {
        let path = folder.path + "/runbook.db"
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        await store.close()
        try #require(rename(path, path + ".away") == 0)
        for _ in 1...2 {
            let error = await #expect(throws: StoreError.self) { try await store.run("run-1") }
            #expect(error?.description.contains("moved or removed while it was in use") == true)
        }
        #expect(TemporaryFolder.mode(of: path) == nil)
        try #require(rename(path + ".away", path) == 0)
        #expect(try await store.run("run-1") == .sample("run-1"))
    }

    @Test func aClosedStoreOpensAgain() async throws {
        let store = SQLiteStore(path: folder.path + "/runbook.db")
        _ = try await store.begin(.sample("run-1"), audit: [])
        await store.close()
        await store.close()
        #expect(TemporaryFolder.mode(of: folder.path + "/runbook.db-wal") == nil)
        #expect(try await store.run("run-1") == .sample("run-1"))
    }

    @Test(arguments: [
        ("/a/b.db", "/a"), ("/b.db", "/"), ("a/b.db", "a"), ("b.db", nil), ("/a//b.db", "/a/"), ("/a/b/", "/a"),
        ("/", nil), ("", nil),
    ])
    func theFolderOfAPathIsKnown(_ path: String, _ folder: String?) {
        #expect(StoreFolder.parent(of: path) == folder)
    }
}
