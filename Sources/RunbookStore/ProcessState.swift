internal import Glibc

/// What Linux tells of a process in `/proc/PID/stat`.
struct ProcessState {
    /// When it began, in clock ticks after the machine's start.
    let start: Int64
    /// Whether it has ended and only waits to be reaped.
    let isDead: Bool

    /// Reads it; `nil` if there is no such process to be seen.
    ///
    /// - Parameter process: its number, or `self`.
    init?(_ process: String) {
        guard let text = Self.contents(of: "/proc/\(process)/stat"),
            // The second field, the program's name, may hold anything, even blanks and parentheses.
            let nameEnd = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
        // The third field, the state, comes first here, and the 22nd is the start.
        guard fields.count > 19, let start = Int64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
        self.start = start
        isDead = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
    }

    /// A short file of `/proc`; `nil` if it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 1_024) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return bytes.isEmpty ? nil : bytes
    }
}
