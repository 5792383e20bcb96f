import RunbookHost

/// How the limit on memory is written, the same in files and flags.
enum MemoryLimitFormat {
    static let expected = "a size from 1MB to 1024GB, such as 64MB"

    static func bytes(_ text: String) -> Int? {
        Int(byteQuantity: text).flatMap { RunLimits.memoryRange.contains($0) ? $0 : nil }
    }
}
