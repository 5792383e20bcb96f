/// How an entry is written: on one line, with `\\` for a backslash, `\n` for a line end and `\xNN` for other controls.
enum HistoryEncoding {
    private static let digits = Array("0123456789abcdef".utf8)

    /// An entry's line, with its end.
    static func encode(_ entry: String) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(entry.utf8.count + 1)
        for byte in entry.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): line += [byte, byte]
            case 0x0A: line += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0..<0x20 where byte != 0x09, 0x7F:
                line += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: line.append(byte)
            }
        }
        line.append(0x0A)
        return line
    }

    /// The entry of a line without its end; nil when the line was not written by `encode`.
    static func decode(_ line: ArraySlice<UInt8>) -> String? {
        guard line.contains(UInt8(ascii: "\\")) else { return text(line) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.count)
        var position = line.startIndex
        while position < line.endIndex {
            let byte = line[position]
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard position < line.endIndex else { return nil }
            switch line[position] {
            case UInt8(ascii: "\\"): bytes.append(byte)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "x"):
                guard position + 2 < line.endIndex, let high = digits.firstIndex(of: line[position + 1]),
                    let low = digits.firstIndex(of: line[position + 2])
                else { return nil }
                bytes.append(UInt8(high << 4 | low))
                position += 2
            default: return nil
            }
            position += 1
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String? {
        guard let text = String(validating: line, as: UTF8.self) else { return nil }
        // Controls are always written as escapes.
        return line.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F } ? nil : text
    }
}
