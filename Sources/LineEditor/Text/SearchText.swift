/// A text that is looked for in others: letters of either case, unless it has capitals itself. Only ASCII has cases
/// here.
struct SearchText {
    private let bytes: [UInt8]
    private let ignoresCase: Bool

    init(_ text: String) {
        bytes = Array(text.utf8)
        ignoresCase = !bytes.contains { (0x41...0x5A).contains($0) }
    }

    /// Where it is found first, as offsets in UTF-8.
    func range(in text: String) -> Range<Int>? {
        text.withUTF8Bytes { hay in
            guard !bytes.isEmpty, hay.count >= bytes.count else { return nil }
            return bytes.withUnsafeBufferPointer { needle in
                for start in 0...hay.count - needle.count where fold(hay[start]) == needle[0] {
                    var length = 1
                    while length < needle.count, fold(hay[start + length]) == needle[length] { length += 1 }
                    if length == needle.count { return start..<start + length }
                }
                return nil
            }
        }
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
    }
}
