internal import Operations

/// How values are shown in a report.
enum ShownJSON {
    /// The value with every secret as the text that stands for one.
    static func closed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .secret: .string(SecretValue.redacted)
        case .array(let elements): .array(elements.map(closed))
        case .object(let members): .object(members.mapValues(closed))
        default: value
        }
    }

    /// A call as a script writes it: `users.unlock(7)`.
    static func call(_ operation: String, _ arguments: [JSONValue]) -> String {
        "\(operation)(\(arguments.map { text($0, bytes: 200) }.joined(separator: ", ")))"
    }

    /// The value as JSON, secrets closed, cut short beyond so many bytes.
    static func text(_ value: JSONValue, bytes: Int = 600) -> String {
        let text = value.text
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytes)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return "\(text[..<end])… (\(text.utf8.count) bytes)"
    }
}
