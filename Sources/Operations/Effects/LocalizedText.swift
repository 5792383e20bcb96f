/// The names and descriptions of roles: texts, or in newer consoles objects with a `defaultValue`.
enum LocalizedText {
    /// The text itself.
    static func plain(_ value: JSONValue?) -> String? { value?.stringValue ?? value?["defaultValue"]?.stringValue }

    /// The text of `new`, written as `old` was.
    static func write(_ new: JSONValue, like old: JSONValue?) -> JSONValue {
        guard let text = plain(new) else { return new }
        switch old {
        case .object(var members)?:
            members["defaultValue"] = .string(text)
            return .object(members)
        case .string?: return .string(text)
        default: return new
        }
    }
}
