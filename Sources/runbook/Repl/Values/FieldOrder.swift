import RunbookHost

/// The order in which fields are shown: what objects are called, what they are, and then all else as it comes.
enum FieldOrder {
    private static let first = [
        "id", "login", "user_email", "name", "user_first_name", "user_last_name", "pretty_name", "group_name", "title",
        "email", "kind", "type", "user_type", "status", "role", "role_name", "enabled", "locked", "message",
        "description",
    ]
    private static let places = Dictionary(uniqueKeysWithValues: first.enumerated().map { ($1, $0) })

    /// Where a field stands among those of known names; behind them all if its name is not known.
    static func place(of key: ShownValue) -> Int { places[key.fieldName] ?? first.count }

    /// In this order, and those of other names as they come.
    static func sorted(_ entries: [ShownValue.Entry]) -> [ShownValue.Entry] {
        entries.enumerated().sorted { one, other in
            (place(of: one.element.key), one.offset) < (place(of: other.element.key), other.offset)
        }.map(\.element)
    }

    /// How soon a column finds room where there is not room for all: a lower number first.
    static func need(of key: ShownValue) -> Int {
        switch key.fieldName {
        // Whether an account works matters more than what else it is.
        case "enabled", "locked": place(of: .string("name", bytes: 4))
        case "email": first.count - 1
        default: place(of: key)
        }
    }
}
