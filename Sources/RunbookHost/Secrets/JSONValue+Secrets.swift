internal import Operations

extension JSONValue {
    /// Every secret in it, as often as it is there.
    var secrets: [SecretValue] {
        switch self {
        case .secret(let secret): [secret]
        case .array(let elements): elements.flatMap(\.secrets)
        case .object(let members): members.values.flatMap(\.secrets)
        default: []
        }
    }
}
