import CSQLite
import Glibc
import Synchronization
import Testing

/// SQLite's way to the disk, with faults on demand; it counts what was put on the disk for good.
///
/// Files are opened as SQLite itself does; then functions of this stand in place of those that write and synchronise.
struct FaultyFileSystem: Sendable {
    /// What a test asks for, and what it sees.
    final class Faults: Sendable {
        /// What every write answers; nothing is written then. Default: `SQLITE_OK`, and it is written.
        let writing = Atomic<Int32>(SQLITE_OK)
        /// What every synchronisation answers; none is made then. Default: `SQLITE_OK`, and it is made.
        let synchronising = Atomic<Int32>(SQLITE_OK)
        /// How often the write-ahead log was synchronised.
        let synchronisations = Atomic<Int>(0)
    }

    /// What SQLite finds behind a file: the functions first, as it expects.
    private struct Functions {
        var table: sqlite3_io_methods
        let original: UnsafePointer<sqlite3_io_methods>
        let faults: Unmanaged<Faults>
        let isLog: Bool

        static func of(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<Functions>? {
            UnsafeMutableRawPointer(mutating: file?.pointee.pMethods)?.assumingMemoryBound(to: Functions.self)
        }
    }

    let faults = Faults()
    /// The name by which SQLite knows it.
    let name: String

    /// Makes it known to SQLite, which it stays: a connection may outlive the test by a moment.
    init() throws {
        let original = try #require(sqlite3_vfs_find(nil))
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        system.initialize(to: original.pointee)
        name = "faulty-\(UInt(bitPattern: system))"
        system.pointee.zName = UnsafePointer(strdup(name))
        system.pointee.pAppData = Unmanaged.passRetained(faults).toOpaque()
        system.pointee.xOpen = { system, name, file, flags, outFlags in
            guard let original = sqlite3_vfs_find(nil), let open = original.pointee.xOpen,
                let faults = system?.pointee.pAppData
            else { return SQLITE_CANTOPEN }
            let code = open(original, name, file, flags, outFlags)
            guard code == SQLITE_OK, let methods = file?.pointee.pMethods else { return code }
            let functions = UnsafeMutablePointer<Functions>.allocate(capacity: 1)
            functions.initialize(
                to: Functions(
                    table: methods.pointee, original: methods, faults: Unmanaged.fromOpaque(faults),
                    isLog: flags & SQLITE_OPEN_WAL != 0))
            functions.pointee.table.xWrite = FaultyFileSystem.write
            functions.pointee.table.xSync = FaultyFileSystem.synchronise
            functions.pointee.table.xClose = FaultyFileSystem.close
            file?.pointee.pMethods = UnsafeRawPointer(functions).assumingMemoryBound(to: sqlite3_io_methods.self)
            return code
        }
        try #require(sqlite3_vfs_register(system, 0) == SQLITE_OK)
    }

    private static let write:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, sqlite3_int64
        ) -> Int32 = { file, bytes, count, offset in
            guard let functions = Functions.of(file), let write = functions.pointee.original.pointee.xWrite else {
                return SQLITE_MISUSE
            }
            let fault = functions.pointee.faults.takeUnretainedValue().writing.load(ordering: .relaxed)
            return fault == SQLITE_OK ? write(file, bytes, count, offset) : fault
        }

    private static let synchronise: @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32 = {
        file, flags in
        guard let functions = Functions.of(file), let synchronise = functions.pointee.original.pointee.xSync else {
            return SQLITE_MISUSE
        }
        let faults = functions.pointee.faults.takeUnretainedValue()
        let fault = faults.synchronising.load(ordering: .relaxed)
        guard fault == SQLITE_OK else { return fault }
        if functions.pointee.isLog { faults.synchronisations.wrappingAdd(1, ordering: .relaxed) }
        return synchronise(file, flags)
    }

    private static let close: @convention(c) (UnsafeMutablePointer<sqlite3_file>?) -> Int32 = { file in
        guard let functions = Functions.of(file) else { return SQLITE_MISUSE }
        file?.pointee.pMethods = functions.pointee.original
        functions.deallocate()
        return file?.pointee.pMethods?.pointee.xClose?(file) ?? SQLITE_MISUSE
    }
}
