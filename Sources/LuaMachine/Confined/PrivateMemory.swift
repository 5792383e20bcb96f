internal import CRunbookVM

/// What a process has in memory, and nobody else is to have.
package enum PrivateMemory {
    /// Keeps it out of core files, of crash reports and of the reach of other processes of the same user; with
    /// `SWIFT_BACKTRACE` set, crash reports are left as that says.
    ///
    /// - Returns: 0, or `errno` of what could not be had.
    package static func keep() -> Int32 { rb_process_keep_memory_private() }
}
