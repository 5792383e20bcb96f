import Operations
import RunbookHost

/// Words and signs for what is shown of values.
enum ValueWording {
    /// From how many bytes on the length of a text that is cut is told.
    static let longText = 256
    static let secret = SecretValue.redacted
    static let cycle = "… (itself)"

    /// What stands for a table that was left out: `… (12 entries)`.
    static func omitted(_ count: Int) -> String { "… (\(Wording.count(count, "entry", plural: "entries")))" }

    /// `… 12 more`.
    static func more(_ count: Int) -> String { "… \(Wording.number(count)) more" }

    /// `12 rows`, or `1,000 of 3,512 rows shown`.
    static func count(shown: Int, of count: Int, _ noun: String, plural: String? = nil) -> String {
        guard count > shown else { return Wording.count(shown, noun, plural: plural) }
        return "\(Wording.number(shown)) of \(Wording.count(count, noun, plural: plural)) shown"
    }

    /// How many bytes a text with escapes such as `\xff` stands for.
    static func bytes(escaped text: String) -> Int {
        var count = 0
        var skipped = 0
        var isEscape = false
        for byte in text.utf8 {
            if skipped > 0 {
                skipped -= 1
            } else if isEscape {
                isEscape = false
                skipped = byte == UInt8(ascii: "x") ? 2 : 0
            } else {
                count += 1
                isEscape = byte == UInt8(ascii: "\\")
            }
        }
        return count
    }

    /// A key as a person reads it: a name as it is, all else as a script would index by it: `[1]`, `["a b\n"]`.
    ///
    /// - Parameter room: columns there are.
    static func key(_ key: ShownValue, room: Int) -> String {
        switch key {
        case .string(let text, let bytes):
            let (head, isWhole) = text.beginning(columns: room)
            let isName = !head.isEmpty && HarmlessText.isLine(head) && Double(head) == nil && text.utf8.count >= bytes
            let isPlain = isName && !head.utf8.contains { UInt8(ascii: "=") == $0 || UInt8(ascii: "[") == $0 }
            let shown = isPlain ? head : "[\(HarmlessText.literal(head))]"
            return isWhole ? shown.fitted(room) : (shown + " ").fitted(min(room, shown.columns))
        default:
            return "[\(HarmlessText.line(key.keyText))]".fitted(room)
        }
    }
}
