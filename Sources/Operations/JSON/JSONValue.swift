/// A JSON value (RFC 8259) whose integers stay 64-bit integers and whose secrets stay closed.
///
/// Objects carry no order: ``JSONValue/text`` writes their keys sorted, so that one value has one text.
///
/// Strings and keys compare as Swift compares them, by canonical equivalence: to tell `é` from `e` with an accent, as a
/// hash of what was sent must, compare the texts.
public enum JSONValue: Sendable, Hashable {
    /// JSON `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    /// A string.
    case string(String)
    /// A value that prints as `‹secret›` everywhere but in the request that needs it.
    case secret(SecretValue)
    /// An array.
    case array([JSONValue])
    /// An object. Of duplicate keys in a text the last one wins.
    case object([String: JSONValue])
}

extension JSONValue {
    /// The string, if this is one.
    public var stringValue: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    /// The integer, if this is one, or a number with an integral value (`3.0`).
    public var integerValue: Int64? {
        switch self {
        case .integer(let value): return value
        case .number(let value):
            // Not `Int64(exactly:)`: it needs the C library's `trunc`, which nothing else here links.
            guard value >= -0x1p63, value < 0x1p63 else { return nil }
            let integer = Int64(value)
            return Double(integer) == value ? integer : nil
        default: return nil
        }
    }

    /// The number as a floating-point value, if this is a number.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: return nil
        }
    }

    /// The Boolean, if this is one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The elements, if this is an array.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { return value }
        return nil
    }

    /// The members, if this is an object.
    public var objectValue: [String: JSONValue]? {
        if case .object(let value) = self { return value }
        return nil
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// The member `key`, if this is an object that has it.
    public subscript(key: String) -> JSONValue? { objectValue?[key] }

    /// What a person calls this kind of value: "a string", "an object"…
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .secret: "a secret"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// A Boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of duplicate keys the last one wins.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The canonical text, secrets redacted: safe to log.
    public var description: String { text }
}
