import RunbookHost

extension ShownValue {
    /// A key's text, if it is a name of a sensible length; else empty.
    var fieldName: String {
        guard case .string(let text, _) = self, text.utf8.count <= 64 else { return "" }
        return text
    }

    /// Whether it is a table of any kind with something in it.
    var hasParts: Bool {
        switch self {
        case .list(let elements, let count): !elements.isEmpty || count > 0
        case .table(let entries, let count): !entries.isEmpty || count > 0
        default: false
        }
    }

    /// Whether it stands for itself and has no parts, shown or not.
    var isScalar: Bool {
        switch self {
        case .list, .table, .omitted, .cycle: false
        default: true
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .float: true
        default: false
        }
    }

    /// The entries of a table in an order that suits a reader: what an object is called first, then what it is.
    var fields: [Entry] {
        switch self {
        case .table(let entries, _): FieldOrder.sorted(entries)
        case .list(let elements, _):
            elements.enumerated().map { Entry(key: .integer(Int64($0) + 1), value: $1) }
        default: []
        }
    }

    /// What an object is called, for where there is no room for all of it: its id, or its name if the id is a number.
    var summary: ShownValue? {
        guard case .table(let entries, _) = self else { return nil }
        func value(_ name: String) -> ShownValue? {
            entries.first { $0.key.fieldName == name }.map(\.value).flatMap { $0.isScalar && $0 != .null ? $0 : nil }
        }
        let id = value("id")
        if case .string? = id { return id }
        return value("name") ?? value("login") ?? id
    }
}
