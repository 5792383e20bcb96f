/// The type that an argument or a field of an argument must have.
public indirect enum ValueType: Sendable, Hashable {
    /// A whole number within a range.
    case integer(ClosedRange<Int64>)
    /// A string of at least this many characters, not counting white space around them: a blank name is no name.
    ///
    /// Enumerations of the APIs are open, because newer servers add values: they are strings here.
    case string(minimumLength: Int)
    /// `true` or `false`.
    case boolean
    /// A secret that is not empty; a plain string is accepted and sealed.
    case secret
    /// An array of at least this many elements.
    case array(of: ValueType, minimumCount: Int)
    /// An object with the fields listed, and no others.
    case object([Field])
    /// Any of these. The first that takes values of this kind (a string, a table…) decides alone.
    case oneOf([ValueType])
    /// Any value but `null`.
    case any

    /// The specification's `int32` identifiers.
    public static let identifier = ValueType.integer(0...Int64(Int32.max))
    /// A string that is not empty.
    public static let name = ValueType.string(minimumLength: 1)

    /// What a person calls the type: "an integer", "an array of strings"…
    public var description: String {
        switch self {
        case .integer: "an integer"
        case .string: "a string"
        case .boolean: "a boolean"
        case .secret: "a secret or a string"
        case .array(let element, _): "an array of \(element.plural)"
        case .object: "a table"
        case .oneOf(let types): types.map(\.description).joined(separator: " or ")
        case .any: "a value"
        }
    }

    private var plural: String {
        switch self {
        case .integer: "integers"
        case .string: "strings"
        case .boolean: "booleans"
        case .secret: "secrets"
        case .array: "arrays"
        case .object: "tables"
        case .oneOf(let types): types.map(\.plural).joined(separator: " or ")
        case .any: "values"
        }
    }
}
