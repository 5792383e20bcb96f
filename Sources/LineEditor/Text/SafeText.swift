/// Makes text of elsewhere safe to write to a terminal.
public enum SafeText {
    /// The text with its control characters spelled out, such as `^[`. Line ends, tabs and colours (`ESC [ … m`) stay,
    /// so nothing in it moves the cursor, answers queries or sets a title.
    public static func cleaned(_ text: String) -> String {
        text.withUTF8Bytes { bytes in
            var cleaned: [UInt8] = []
            cleaned.reserveCapacity(bytes.count)
            var position = 0
            var from = 0
            while position < bytes.count {
                let byte = bytes[position]
                // C1 controls are two bytes in UTF-8, the first of them C2.
                let isC1 = byte == 0xC2 && position + 1 < bytes.count && bytes[position + 1] < 0xA0
                guard byte < 0x20 || byte == 0x7F || isC1, byte != 0x0A, byte != 0x09 else {
                    position += 1
                    continue
                }
                if byte == 0x1B, let end = colourEnd(bytes, from: position) {
                    position = end
                    continue
                }
                cleaned.append(contentsOf: bytes[from..<position])
                if byte == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A {
                    position += 1
                } else if isC1 {
                    cleaned.append(contentsOf: "<U+00\(String(bytes[position + 1], radix: 16, uppercase: true))>".utf8)
                    position += 2
                } else {
                    cleaned.append(contentsOf: [UInt8(ascii: "^"), byte ^ 0x40])
                    position += 1
                }
                from = position
            }
            guard from > 0 else { return text }
            cleaned.append(contentsOf: bytes[from...])
            return String(decoding: cleaned, as: UTF8.self)
        }
    }

    /// The end of a sequence that sets colours, if one begins here.
    private static func colourEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "[") else { return nil }
        var position = start + 2
        while position < bytes.count, position < start + 32, (0x30...0x3B).contains(bytes[position]) { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "m") else { return nil }
        return position + 1
    }
}
