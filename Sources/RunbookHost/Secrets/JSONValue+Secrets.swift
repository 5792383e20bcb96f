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

    /// How many secrets are in it.
    var secretCount: Int {
        switch self {
        case .secret: 1
        case .array(let elements): elements.reduce(0) { $0 + $1.secretCount }
        case .object(let members): members.values.reduce(0) { $0 + $1.secretCount }
        default: 0
        }
    }
}
