import Glibc
import RunbookHost
import Testing

@testable import RunbookStore

/// What a person reads when the database cannot be used; and that it can be used again when the cause is gone.
@Suite final class SQLiteFaultTests: Sendable {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/runbook.db" }

    /// What a store says when it is to record a run.
    private func complaint(_ store: SQLiteStore) async -> String? {
        await #expect(throws: StoreError.self) { try await store.begin(.sample("run-9"), audit: []) }?.description
    }

    /// A database that has one run, closed.
    private func makeDatabase() async throws {
        let store = SQLiteStore(path: path)
        var journal = SampleJournal()
        let lease = try await store.begin(.sample("run-1"), audit: [.sample()])
        try await store.append(journal.rows(200), audit: [], lease: lease, isDurable: true)
        await store.close()
    }

    @Test(arguments: ["garbage", String(repeating: "not a database. ", count: 1_000)])
    func aFileThatIsNoDatabaseIsSaid(_ text: String) async throws {
        try TemporaryFolder.write(Array(text.utf8), to: path)
        let store = SQLiteStore(path: path)
        for _ in 0..<2 {
            #expect(
                await complaint(store)
                    == """
                    cannot record a new run in \(path): the file is damaged (it is no database); move it away together with \
                    \(path)-wal, if that is there, and put a backup of both in its place, or name another folder with --state
                    """)
        }
        #expect(try TemporaryFolder.contents(of: path) == Array(text.utf8))
        try #require(unlink(path) == 0)
        _ = try await store.begin(.sample("run-1"), audit: [])
    }

    @Test func aDamagedDatabaseIsSaid() async throws {
        try await makeDatabase()
        let sound = try TemporaryFolder.contents(of: path)
        var bytes = sound
        for index in 4_096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        try TemporaryFolder.write(bytes, to: path)
        let store = SQLiteStore(path: path)
        let complaint = try #require(await complaint(store))
        #expect(complaint.hasPrefix("cannot record a new run in \(path): the file is damaged ("))
        let reading = await #expect(throws: StoreError.self) { try await store.run("run-1") }
        #expect(reading?.description.hasPrefix("cannot read a run in \(path): the file is damaged (") == true)

        try TemporaryFolder.write(sound, to: path)
        #expect(try await store.run("run-1") == .sample("run-1"))
    }

    @Test func aDatabaseThatWasCutOffIsSaid() async throws {
        try await makeDatabase()
        try #require(truncate(path, 8_192) == 0)
        let complaint = try #require(await complaint(SQLiteStore(path: path)))
        #expect(complaint.contains("the file is damaged ("))
    }

    @Test func aRecordThatCannotBeReadIsSaid() async throws {
        try await makeDatabase()
        try Database(path: path).execute("UPDATE runs SET record = x'7b7d'")
        let error = await #expect(throws: StoreError.self) { try await SQLiteStore(path: self.path).run("run-1") }
        #expect(error?.description.contains("the file is damaged (the record of the run run-1 cannot be read)") == true)
    }

    @Test func aRowThatCannotBeReadIsSaid() async throws {
        try await makeDatabase()
        try Database(path: path).execute("UPDATE journal SET kind = 99 WHERE sequence = 7")
        let store = SQLiteStore(path: path)
        #expect(try await store.journal(of: "run-1", after: 0, limit: 6).count == 6)
        let error = await #expect(throws: StoreError.self) { try await store.rows(of: "run-1") }
        #expect(error?.description.contains("a row of the journal of the run run-1 cannot be read") == true)
    }

    @Test func anAuditLogThatEndsBeforeItsLastLineIsSaid() async throws {
        try await makeDatabase()
        let store = SQLiteStore(path: path)
        try await store.audit([.sample(), .sample()])
        await store.close()
        try Database(path: path).execute("UPDATE audit_head SET sequence = 1")
        let error = await #expect(throws: StoreError.self) { try await store.audit([.sample()]) }
        #expect(
            error?.description
                == """
                cannot write line 2 of the audit log: it is there already, although the log says that it ends before; \
                'runbook audit verify' shows what is wrong with it
                """)
        #expect(try await store.lines().count == 3)
    }

    @Test func aFolderInPlaceOfTheFileIsSaid() async throws {
        try #require(mkdir(path, 0o700) == 0)
        let store = SQLiteStore(path: path)
        #expect(
            await complaint(store)
                == "cannot record a new run in \(path): that is no file; move it away, or name another folder with --state"
        )
        try #require(rmdir(path) == 0)
        _ = try await store.begin(.sample("run-1"), audit: [])
    }

    @Test(arguments: ["/a/runbook.db", "/a/b/c/runbook.db"])
    func aFileInPlaceOfAFolderIsSaid(_ place: String) async throws {
        try TemporaryFolder.write([], to: folder.path + "/a")
        let store = SQLiteStore(path: folder.path + place)
        let complaint = try #require(await complaint(store))
        #expect(
            complaint.hasSuffix(
                "a folder on this path is a file; move that file away, or name another folder with --state"))
        try #require(unlink(folder.path + "/a") == 0)
        _ = try await store.begin(.sample("run-1"), audit: [])
    }

    @Test func aFileThatIsTakenAwayInUseIsSaid() async throws {
        let store = SQLiteStore(path: path)
        let lease = try await store.begin(.sample("run-1"), audit: [])
        try #require(rename(path, path + ".away") == 0)
        let error = await #expect(throws: StoreError.self) {
            try await store.append([], audit: [.sample()], lease: lease, isDurable: true)
        }
        #expect(
            error?.description
                == """
                cannot record what a run does in \(path): the file was moved or removed while it was in use; put it back, or \
                name another folder with --state
                """)
    }

    @Test func aLockThatIsHeldForTooLongIsSaid() async throws {
        try await makeDatabase()
        let other = try Database(path: path)
        try other.execute("BEGIN IMMEDIATE")
        var settings = StoreSession.Settings()
        settings.patience = .milliseconds(20)
        let store = SQLiteStore(path: path, now: { 0 }, settings: settings)
        #expect(
            await complaint(store)
                == """
                cannot record a new run in \(path): another process has kept it locked for too long; see who does with \
                'fuser \(path)', wait for that to end, and try again
                """)
        // Reading goes on.
        #expect(try await store.run("run-1") == .sample("run-1"))
        try other.execute("ROLLBACK")
        _ = try await store.begin(.sample("run-9"), audit: [])
    }

    // MARK: As another user: what is forbidden is not forbidden to root

    @Test func aFolderWithoutPermissionIsSaid() async throws {
        try #require(chmod(folder.path, 0o555) == 0)
        await #expect(processExitsWith: .success) { [folder = folder.path as String] in
            becomeNobody()
            let store = SQLiteStore(path: folder + "/state/runbook.db")
            let error = await #expect(throws: StoreError.self) { try await store.begin(.sample("run-1"), audit: []) }
            #expect(
                error?.description
                    == """
                    cannot record a new run in \(folder)/state/runbook.db: \(folder)/state: this user has no permission; give \
                    it to user \(geteuid()) with chown or chmod, or name another folder with --state
                    """)
        }
    }

    @Test func aFolderThatMayNotBeReadIsSaid() async throws {
        try #require(mkdir(folder.path + "/state", 0o000) == 0)
        try #require(chmod(folder.path, 0o755) == 0)
        await #expect(processExitsWith: .success) { [folder = folder.path as String] in
            becomeNobody()
            let store = SQLiteStore(path: folder + "/state/runbook.db")
            let error = await #expect(throws: StoreError.self) { try await store.begin(.sample("run-1"), audit: []) }
            #expect(error?.description.contains("this user has no permission; give it to user") == true)
        }
    }

    @Test func aDatabaseThatMayOnlyBeReadIsSaid() async throws {
        try await makeDatabase()
        try #require(chmod(path, 0o444) == 0)
        try #require(chmod(folder.path, 0o777) == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            becomeNobody()
            let store = SQLiteStore(path: path)
            let error = await #expect(throws: StoreError.self) { try await store.begin(.sample("run-2"), audit: []) }
            #expect(
                error?.description
                    == """
                    cannot record a new run in \(path): it is read-only; make the file and its folder writable for user \
                    \(geteuid()), or name another folder with --state
                    """)
        }
    }

    @Test func aDatabaseInAFolderThatMayOnlyBeReadIsSaid() async throws {
        try await makeDatabase()
        try #require(chmod(path, 0o666) == 0)
        try #require(chmod(folder.path, 0o555) == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            becomeNobody()
            let store = SQLiteStore(path: path)
            let error = await #expect(throws: StoreError.self) { try await store.begin(.sample("run-2"), audit: []) }
            #expect(error?.description.contains("or name another folder with --state") == true)
            print(error?.description ?? "")
        }
    }

    @Test func aFileThatMayNotGrowIsSaid() async throws {
        try await makeDatabase()
        await #expect(processExitsWith: .success) { [path = path as String] in
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let most = limit.rlim_cur
            limit.rlim_cur = 100_000
            signal(SIGXFSZ, SIG_IGN)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let store = SQLiteStore(path: path)
            let large = StoredPlan(id: "plan-1", made: 0, document: [UInt8](repeating: 1, count: 1 << 20))
            let error = await #expect(throws: StoreError.self) { try await store.keep(plan: large, audit: [.sample()]) }
            #expect(
                error?.description
                    == """
                    cannot keep a plan in \(path): the file has reached the largest size that is allowed; raise the limit of \
                    file sizes (ulimit -f), or name another folder with --state
                    """)
            #expect(try await store.lines().count == 1)
            limit.rlim_cur = most
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try await store.keep(plan: large, audit: [.sample()])
            #expect(try await store.plan("plan-1") == large)
            #expect(try isOneChain(try await store.lines()))
        }
    }
}

/// Gives up root's rights, if this is root: they know no permissions.
private func becomeNobody() {
    if geteuid() == 0 {
        setgid(65_534)
        setuid(65_534)
    }
}
