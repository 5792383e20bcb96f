/// Writes canonical JSON: no white space, object keys sorted by their UTF-8 bytes.
struct JSONWriter {
    /// What was written so far.
    private(set) var out: [UInt8] = []
    /// Whether secrets are written in clear.
    let revealsSecrets: Bool
    /// The member of the outermost object whose place is wanted, and where it stands with the comma behind it.
    var wanted: String?
    private(set) var found: Range<Int>?
    /// Whether every element stands on a line of its own, two spaces a level.
    let isPretty: Bool

    init(revealsSecrets: Bool = false, isPretty: Bool = false) {
        self.revealsSecrets = revealsSecrets
        self.isPretty = isPretty
        out.reserveCapacity(64)
    }

    mutating func write(_ value: JSONValue, level: Int = 0) {
        switch value {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        // Swift writes the shortest text that reads back as the same value, always valid JSON for a finite number.
        case .number(let value): out.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .string(let value): write(string: value)
        case .secret(let value): write(string: revealsSecrets ? value.reveal() : SecretValue.redacted)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                startElement(isFirst: &isFirst, level: level)
                write(element, level: level + 1)
            }
            end(UInt8(ascii: "]"), isEmpty: isFirst, level: level)
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            var isFirst = true
            var start: Int?
            for (key, member) in members.sorted(by: { Self.precedes($0.key, $1.key) }) {
                startElement(isFirst: &isFirst, level: level)
                if let begun = start {
                    found = begun..<out.count
                    start = nil
                }
                if level == 0, key == wanted { start = out.count }
                write(string: key)
                out.append(UInt8(ascii: ":"))
                if isPretty { out.append(UInt8(ascii: " ")) }
                write(member, level: level + 1)
            }
            end(UInt8(ascii: "}"), isEmpty: isFirst, level: level)
        }
    }

    private mutating func startElement(isFirst: inout Bool, level: Int) {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        if isPretty { startLine(level: level + 1) }
    }

    private mutating func end(_ bracket: UInt8, isEmpty: Bool, level: Int) {
        if isPretty, !isEmpty { startLine(level: level) }
        out.append(bracket)
    }

    private mutating func startLine(level: Int) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    /// The order of the UTF-8 bytes.
    private static func precedes(_ first: String, _ second: String) -> Bool {
        let order = first.utf8.withContiguousStorageIfAvailable { first in
            second.utf8.withContiguousStorageIfAvailable { second in
                let common = min(first.count, second.count)
                for index in 0..<common where first[index] != second[index] { return first[index] < second[index] }
                return first.count < second.count
            }
        }
        return (order ?? nil) ?? first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private mutating func write(string: String) {
        out.append(UInt8(ascii: "\""))
        let isWritten: Void? = string.utf8.withContiguousStorageIfAvailable { bytes in
            // As a rule nothing in it has to be escaped.
            if bytes.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7f }) {
                out.append(contentsOf: bytes)
            } else {
                for byte in bytes { write(byte: byte) }
            }
        }
        if isWritten == nil { for byte in string.utf8 { write(byte: byte) } }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func write(byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): out.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): out.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): out.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): out.append(contentsOf: "\\t".utf8)
        // DEL may stand as it is, but would vanish on a terminal.
        case 0..<0x20, 0x7f:
            out.append(contentsOf: "\\u00".utf8)
            out.append(Self.hexDigit(byte >> 4))
            out.append(Self.hexDigit(byte & 15))
        default: out.append(byte)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
