import CommandSupport
import Glibc
import RunbookHost
import RunbookStore

/// The audit log of a state folder, read page by page.
struct StoredAuditLog: Sendable {
    private let store: any RunStore
    private let exists: @Sendable () -> Bool
    private static let page = 500

    /// The log of a configuration's state folder. It is not made by being read.
    init(_ state: StateStore) {
        let path = state.store.path
        self.init(state.store) { access(path, F_OK) == 0 }
    }

    /// The log of a store.
    ///
    /// - Parameter exists: whether there is something to read. Default: there is.
    init(_ store: any RunStore, exists: @escaping @Sendable () -> Bool = { true }) {
        self.store = store
        self.exists = exists
    }

    /// The next lines behind a place; none if there are none yet.
    func lines(after sequence: Int64) async throws(CommandError) -> [AuditLine] {
        guard exists() else { return [] }
        do throws(StoreError) { return try await store.auditLines(after: sequence, limit: Self.page) } catch {
            throw StateStore.error(error)
        }
    }

    /// The last line as the store remembers it; the place 0 if it remembers none.
    func head() async throws(CommandError) -> AuditHead {
        let none = AuditHead(sequence: 0, hash: AuditLine.start)
        guard exists() else { return none }
        do throws(StoreError) { return try await store.auditHead() ?? none } catch { throw StateStore.error(error) }
    }

    /// Checks the log from a place on. Others may write meanwhile.
    func verify(from start: Int64, checkpoints: [AuditCheckpoint]) async throws(CommandError) -> AuditVerification {
        var verifier = AuditVerifier(from: start, checkpoints: checkpoints)
        var last = start - 1
        var end: AuditHead?
        while !verifier.isDecided {
            let page = try await lines(after: last)
            for line in page {
                verifier.read(line)
                last = line.sequence
            }
            guard page.isEmpty else { continue }
            let head = try await head()
            // Lines that were written since are read too; those that are not there now will never be.
            guard head.sequence > last, head != end else { return verifier.finish(head: head) }
            end = head
        }
        return verifier.finish()
    }
}
