/// One argument of an operation.
public struct Parameter: Sendable, Hashable {
    /// Where the argument goes in the request.
    public enum Location: Sendable, Hashable {
        /// A segment of the path, percent-encoded.
        case path
        /// The query; an array is repeated (`sort=a&sort=b`).
        case query
        /// The body: see ``Endpoint/body``.
        case body
    }

    /// The name in Lua, such as `asset_group_id`.
    public let name: String
    /// The name on the wire, such as `assetGroupId`.
    public let wireName: String
    /// What the value must be.
    public let type: ValueType
    /// Where it goes.
    public let location: Location
    /// Whether the call is refused without it.
    public let isRequired: Bool
    /// What it means, in one sentence.
    public let documentation: String

    /// A parameter.
    ///
    /// - Parameters:
    ///   - name: see ``name``.
    ///   - wireName: Default: the name in Lua.
    ///   - type: see ``type``.
    ///   - location: see ``location-swift.property``.
    ///   - isRequired: Default: `true`.
    ///   - documentation: what it means, in one sentence.
    public init(
        _ name: String, wireName: String? = nil, _ type: ValueType, in location: Location, isRequired: Bool = true,
        documentation: String
    ) {
        self.name = name
        self.wireName = wireName ?? name
        self.type = type
        self.location = location
        self.isRequired = isRequired
        self.documentation = documentation
    }
}

extension Parameter {
    /// Its name, and those of fields in it, that stand for secrets.
    var secretNames: [String] { (type == .secret ? [name] : []) + type.secretNames }
}

extension ValueType {
    fileprivate var secretNames: [String] {
        switch self {
        case .object(let fields): fields.flatMap { ($0.type == .secret ? [$0.name] : []) + $0.type.secretNames }
        case .array(let element, _): element.secretNames
        case .oneOf(let types): types.flatMap(\.secretNames)
        default: []
        }
    }
}
