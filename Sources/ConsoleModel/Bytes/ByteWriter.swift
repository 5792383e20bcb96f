/// Writes JSON straight into bytes: pages of users are too large and too frequent to be built as values first.
struct ByteWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Writes text that is JSON already.
    mutating func raw(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
    /// Writes text that is JSON already.
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
    /// Writes bytes that are JSON already.
    mutating func raw(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    mutating func boolean(_ value: Bool) { value ? raw("true") : raw("false") }

    mutating func integer(_ value: some FixedWidthInteger) {
        // Ids have at most ten digits: `String(value)` would allocate nothing, yet costs several times this loop.
        guard value >= 0, let small = UInt32(exactly: value) else { return raw(String(value)) }
        var divisor: UInt32 = 1
        while small / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: small / divisor % 10))
            divisor /= 10
        }
    }

    /// Writes `text` as a JSON string.
    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isPlain =
            text.utf8.withContiguousStorageIfAvailable { buffer in
                guard buffer.allSatisfy(Self.isPlain) else { return false }
                bytes.append(contentsOf: buffer)
                return true
            } ?? false
        if !isPlain { escaped(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes `text` as a JSON string, or `null`.
    mutating func string(_ text: String?) {
        if let text { string(text) } else { raw("null") }
    }

    /// Writes an array, each element by `write`.
    mutating func array<Elements: Sequence>(
        _ elements: Elements, _ write: (inout ByteWriter, Elements.Element) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escaped(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            if Self.isPlain(byte) {
                bytes.append(byte)
            } else if byte < 0x20 {
                raw("\\u00")
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            } else {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            }
        }
    }
}
