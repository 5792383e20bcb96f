public import Operations

/// A value of a session as a person is shown it: any Lua value, also what JSON has no form for, with what is too much left
/// out and counted.
public indirect enum ShownValue: Sendable, Hashable {
    /// Lua's `nil`.
    case nothing
    /// The constant `null`.
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is no integer, as Lua writes it: `1.5`, `inf`.
    case float(String)
    /// A text, or its beginning; `bytes` is the length of the whole in UTF-8.
    case string(String, bytes: Int)
    /// A string that is no UTF-8, or its beginning, written with escapes such as `\xff`; `bytes` is the length of the whole.
    case bytes(String, bytes: Int)
    /// A secret: never its text.
    case secret
    /// A sequence from 1 on, or its beginning; `count` is the length of the whole.
    case list([ShownValue], count: Int)
    /// Any other table, or a part of it, in the order of `pairs`; `count` is how many entries the whole has.
    case table([Entry], count: Int)
    /// What has no parts to show: `function users.get`, `coroutine`.
    case opaque(String)
    /// A table that contains itself, at the place where it comes again.
    case cycle
    /// A table that was left out: it stood too deep, or there was too much before it. `count` is how many entries it has.
    case omitted(count: Int)

    /// One entry of a table.
    public struct Entry: Sendable, Hashable {
        /// Mostly a string.
        public let key: ShownValue
        /// Any value.
        public let value: ShownValue

        /// An entry.
        public init(key: ShownValue, value: ShownValue) {
            self.key = key
            self.value = value
        }
    }
}

extension ShownValue {
    /// Reads what the session's side in the machine writes; `nil` if it is nothing of the kind. Secrets are those of the
    /// opened value.
    ///
    /// Scalars stand for themselves. Whatever else there is, is an array of a letter and its facts: see `describe` in the
    /// prelude.
    init?(described value: JSONValue) {
        switch value {
        case .null: self = .nothing
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .string(let text): self = .string(text, bytes: text.utf8.count)
        case .secret: self = .secret
        case .array(let parts):
            guard let tag = parts.first?.stringValue, let read = Self.read(tag, parts) else { return nil }
            self = read
        default: return nil
        }
    }

    private static func read(_ tag: String, _ parts: [JSONValue]) -> ShownValue? {
        func count(_ index: Int) -> Int? {
            guard index < parts.count, let count = parts[index].integerValue, count >= 0 else { return nil }
            return Int(count)
        }
        switch tag {
        case "null": return .null
        case "float": return parts.count > 1 ? parts[1].stringValue.map { .float($0) } : nil
        case "string", "bytes":
            guard let text = parts.count > 1 ? parts[1].stringValue : nil, let bytes = count(2) else { return nil }
            return tag == "string" ? .string(text, bytes: bytes) : .bytes(text, bytes: bytes)
        case "list":
            guard let elements = parts.count > 1 ? parts[1].arrayValue : nil, let count = count(2) else { return nil }
            let values = elements.compactMap { ShownValue(described: $0) }
            return values.count == elements.count ? .list(values, count: count) : nil
        case "table":
            guard let pairs = parts.count > 1 ? parts[1].arrayValue : nil, let count = count(2) else { return nil }
            var entries: [Entry] = []
            var rest = pairs[...]
            while let key = rest.popFirst() {
                guard let value = rest.popFirst(), let key = ShownValue(described: key),
                    let value = ShownValue(described: value)
                else { return nil }
                entries.append(Entry(key: key, value: value))
            }
            return .table(entries, count: count)
        case "opaque": return parts.count > 1 ? parts[1].stringValue.map { .opaque($0) } : nil
        case "cycle": return .cycle
        case "omitted": return count(1).map { .omitted(count: $0) }
        default: return nil
        }
    }

    /// As JSON, for programs: what JSON has no form for as the text that a person is shown.
    public var json: JSONValue {
        switch self {
        case .nothing, .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .float(let text): (try? JSONValue(parsing: text)) ?? .string(text)
        case .string(let text, _), .bytes(let text, _), .opaque(let text): .string(text)
        case .secret: .string(SecretValue.redacted)
        case .list(let elements, _): .array(elements.map(\.json))
        case .table(let entries, _):
            .object(Dictionary(entries.map { ($0.key.keyText, $0.value.json) }, uniquingKeysWith: { $1 }))
        case .cycle: .string("…")
        case .omitted: .string("…")
        }
    }

    /// The text of a key.
    public var keyText: String {
        switch self {
        case .string(let text, _), .bytes(let text, _), .float(let text), .opaque(let text): text
        case .integer(let number): String(number)
        case .bool(let value): String(value)
        case .list, .table, .omitted, .cycle: "table"
        case .secret: SecretValue.redacted
        case .nothing, .null: "null"
        }
    }
}

extension ShownValue {
    /// It without what is known to be secret, also where a script has put that into a text.
    func closed(by redactor: Redactor) -> ShownValue {
        guard !redactor.isEmpty else { return self }
        switch self {
        case .string(let text, let bytes): return .string(redactor.redact(text), bytes: bytes)
        case .bytes(let text, let bytes): return .bytes(redactor.redact(text), bytes: bytes)
        case .opaque(let text): return .opaque(redactor.redact(text))
        case .list(let elements, let count): return .list(elements.map { $0.closed(by: redactor) }, count: count)
        case .table(let entries, let count):
            return .table(
                entries.map { Entry(key: $0.key.closed(by: redactor), value: $0.value.closed(by: redactor)) },
                count: count)
        default: return self
        }
    }
}
