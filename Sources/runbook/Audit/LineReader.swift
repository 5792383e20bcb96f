import Glibc

/// Reads a descriptor line by line, keeping no more than one line.
struct LineReader {
    /// A line.
    enum Line: Sendable, Hashable {
        /// Without its line end.
        case text([UInt8])
        /// It is longer than any line may be; it is passed over.
        case overlong
    }

    private let descriptor: Int32
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the next line begins in the buffer.
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    /// - Parameter limit: the most bytes of a line. Default: 16 MiB.
    init(_ descriptor: Int32, limit: Int = 16 << 20) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// The next line; `nil` at the end. What stands behind the last line end is a line too.
    mutating func next() throws(FileFailure) -> Line? {
        var searched = start
        var isOverlong = false
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return isOverlong || end - start > limit ? .overlong : .text(Array(buffer[start..<end]))
            }
            if buffer.count - start > limit {
                isOverlong = true
                start = buffer.count
            }
            buffer.removeSubrange(..<start)
            start = 0
            searched = buffer.count
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure(errno: errno)
            }
            if count == 0 {
                defer { buffer = [] }
                if isOverlong { return .overlong }
                return buffer.isEmpty ? nil : .text(buffer)
            }
            buffer += chunk[..<count]
        }
    }
}
