/// Finds the counterpart of a bracket. Brackets in spans that are no code, such as strings, match none.
struct BracketMatcher {
    /// Bytes looked through for a counterpart.
    private static let reach = 16_384
    private static let pairs: [UInt8: UInt8] = [0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D]

    private let literals: [Range<Int>]

    init(spans: [StyledSpan]) { literals = spans.filter { !$0.isCode }.map(\.range) }

    /// The bracket at the cursor, or before it, and its counterpart.
    func pair(in buffer: TextBuffer) -> (lower: Int, upper: Int)? {
        buffer.text.withUTF8Bytes { bytes in
            for offset in [buffer.cursor, buffer.cursor - 1] where bytes.indices.contains(offset) {
                if let other = counterpart(of: offset, in: bytes) { return (min(offset, other), max(offset, other)) }
            }
            return nil
        }
    }

    private func counterpart(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let byte = bytes[offset]
        let isOpening = Self.pairs[byte] != nil
        guard isOpening || Self.pairs.values.contains(byte), !isLiteral(offset) else { return nil }
        var expected: [UInt8] = []
        var place = offset
        for _ in 0..<Self.reach {
            guard bytes.indices.contains(place) else { return nil }
            let byte = bytes[place]
            if byte < 0x80, !isLiteral(place) {
                if let closing = Self.pairs[byte] {
                    if isOpening { expected.append(closing) } else if expected.popLast() != byte { return nil }
                } else if let opening = Self.pairs.first(where: { $0.value == byte })?.key {
                    if isOpening {
                        if expected.popLast() != byte { return nil }
                    } else {
                        expected.append(opening)
                    }
                }
                if expected.isEmpty { return place }
            }
            place += isOpening ? 1 : -1
        }
        return nil
    }

    private func isLiteral(_ offset: Int) -> Bool {
        var low = 0
        var high = literals.count
        while low < high {
            let middle = (low + high) / 2
            if literals[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low < literals.count && literals[low].contains(offset)
    }
}
