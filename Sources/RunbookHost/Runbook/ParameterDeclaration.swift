public import Operations

/// A parameter that a manifest declares.
public struct ParameterDeclaration: Sendable, Hashable {
    /// The types a parameter may have.
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        /// Text.
        case string
        /// A whole number.
        case integer
        /// Any number.
        case number
        /// `true` or `false`.
        case boolean
        /// A list.
        case array
        /// Text that is never shown.
        case secret
        /// A text file: the operator passes its path, the script gets ``ParameterFile/value``. It can read no other.
        case file
        /// A list of text files.
        case files

        /// Whether the value comes from outside, and so stands in no source: it has no default and no choices.
        var isFromOutside: Bool {
            switch self {
            case .secret, .file, .files: true
            case .string, .integer, .number, .boolean, .array: false
            }
        }
    }

    /// The name.
    public let name: String
    /// The type. Default: string.
    public let type: ValueType
    /// Whether a run is refused without it. Default: `false`.
    public let isRequired: Bool
    /// The value if none is given.
    public let defaultValue: JSONValue?
    /// The only values it may have; empty for any.
    public let choices: [JSONValue]
    /// A Lua pattern that the whole value must match.
    public let pattern: String?
    /// What it means.
    public let documentation: String
}
