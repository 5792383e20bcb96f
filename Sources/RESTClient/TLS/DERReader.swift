/// Reads DER (X.690) far enough for a certificate's names. The bytes are a stranger's: every length is checked.
struct DERReader {
    /// One element: its tag and what is in it.
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>

        /// The elements within; `nil` if they do not fill it exactly.
        var children: [Element]? {
            var reader = DERReader(content)
            var children: [Element] = []
            while let element = reader.next() { children.append(element) }
            return reader.isAtEnd ? children : nil
        }
    }

    static let sequence: UInt8 = 0x30
    static let objectIdentifier: UInt8 = 0x06

    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { bytes.isEmpty }

    /// The next element; `nil` at the end, or for what is no element.
    mutating func next() -> Element? {
        guard bytes.count >= 2, let tag = bytes.first, tag & 0x1f != 0x1f else { return nil }
        let first = bytes[bytes.startIndex + 1]
        var start = bytes.startIndex + 2
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7f)
            guard (1...4).contains(count), bytes.endIndex - start >= count else { return nil }
            length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        guard length <= bytes.endIndex - start else { return nil }
        let element = Element(tag: tag, content: bytes[start..<start + length])
        bytes = bytes[(start + length)...]
        return element
    }
}
