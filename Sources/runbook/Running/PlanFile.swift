import CommandSupport
import Glibc
import RunbookHost
import RunbookStore

/// Plans as files.
enum PlanFile {
    private static let maximumSize = 256 << 20

    /// Writes a plan where others cannot read it, all or nothing.
    static func write(_ plan: Plan, to path: String, sealer: Sealer) throws(CommandError) {
        do throws(FileFailure) {
            try PrivateFile.write(PlanDocument.write(plan, sealer: sealer) + [UInt8(ascii: "\n")], to: absolute(path))
        } catch {
            throw CommandError(
                "the plan cannot be written to \(path): \(error.reason). It is kept: 'runbook apply \(plan.id)' applies it",
                code: .failed)
        }
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return Path.joined(String(cString: folder), path)
    }

    /// A plan by its file, or by the id under which it is kept.
    static func read(_ pathOrID: String, _ session: Session) async throws(CommandError) -> Plan {
        guard let journaling = session.host.journaling else { throw CommandError("plans need a state folder") }
        let document = try await document(pathOrID, journaling.store)
        do throws(PlanDocument.Fault) {
            return try PlanDocument.read(document, sealer: journaling.sealer)
        } catch { throw CommandError("\(pathOrID): \(error.description)", code: .stopped) }
    }

    private static func document(_ pathOrID: String, _ store: any RunStore) async throws(CommandError) -> [UInt8] {
        do throws(FileFailure) {
            if var bytes = try LocalFiles().read(pathOrID, limit: maximumSize) {
                while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                return bytes
            }
        } catch { throw CommandError("the plan \(pathOrID) cannot be read: \(error.reason)") }
        do throws(StoreError) { return try await store.plan(pathOrID).document } catch {
            if case .unknown = error {
                throw CommandError("there is no plan '\(pathOrID)', neither a file nor one that is kept")
            }
            throw StateStore.error(error)
        }
    }
}
