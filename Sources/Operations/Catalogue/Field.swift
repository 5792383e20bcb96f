/// One field of an object argument.
public struct Field: Sendable, Hashable {
    /// The name on the wire and in Lua, such as `passwordResetOnLogin`.
    public let name: String
    /// What its value must be.
    public let type: ValueType
    /// Whether the object is refused without it.
    public let isRequired: Bool
    /// Whether the server computes it: accepted unseen, so that what was read can be written, and not sent.
    public let isReadOnly: Bool
    /// What it means, in one sentence.
    public let documentation: String

    /// A field.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - type: see ``type``.
    ///   - isRequired: Default: `false`.
    ///   - isReadOnly: Default: `false`.
    ///   - documentation: what it means, in one sentence.
    public init(
        _ name: String, _ type: ValueType, isRequired: Bool = false, isReadOnly: Bool = false, documentation: String
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.isReadOnly = isReadOnly
        self.documentation = documentation
    }
}

extension Field {
    /// The `links` of everything that was read.
    static let links = Field(
        "links", .array(of: .any, minimumCount: 0), isReadOnly: true, documentation: "Hypermedia links; not sent.")
}
