import Glibc

/// What a hook's program prints: only the end of it is kept.
struct HookOutput {
    /// The most bytes that are kept.
    static let limit = 4 << 10

    private var kept: [UInt8] = []
    private var isCut = false

    /// Reads what is there, without waiting for more.
    ///
    /// - Returns: whether anything was there.
    mutating func read(from descriptor: Int32) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        var isAny = false
        // As much as a pipe holds: one that prints without end does not keep its reader here.
        for _ in 0..<4 {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            isAny = true
            kept += chunk[..<count]
            if kept.count > Self.limit {
                isCut = true
                kept.removeFirst(kept.count - Self.limit)
            }
        }
        return isAny
    }

    /// On one line; `…` stands for what is missing before it.
    var text: String {
        // Where it was cut there may be half a character.
        let whole = kept.drop { isCut && $0 & 0xc0 == 0x80 }
        let lines = String(decoding: whole, as: UTF8.self).split(whereSeparator: \.isNewline)
        return (isCut ? "…" : "") + lines.joined(separator: " ").shown
    }
}
