internal import Operations

/// The secrets of one run. The machine holds only their numbers; the texts stay here.
struct SecretVault: Sendable {
    private var secrets: [SecretValue] = []

    /// How a secret's number stands in the JSON between host and machine.
    private static let key = "$secret"

    /// `value` with each secret replaced by a handle on it.
    mutating func seal(_ value: JSONValue) -> JSONValue {
        switch value {
        case .secret(let secret):
            secrets.append(secret)
            return [Self.key: .integer(Int64(secrets.count))]
        case .array(let elements):
            var sealed: [JSONValue] = []
            for element in elements { sealed.append(seal(element)) }
            return .array(sealed)
        case .object(let members):
            var sealed: [String: JSONValue] = [:]
            for key in members.keys.sorted() { sealed[key] = members[key].map { seal($0) } }
            return .object(sealed)
        default: return value
        }
    }

    /// `value` with each handle replaced by its secret; a handle that was never given out becomes `null`.
    func open(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { open($0) })
        case .object(let members):
            if members.count == 1, let number = members[Self.key]?.integerValue {
                let index = Int(clamping: number) - 1
                return secrets.indices.contains(index) ? .secret(secrets[index]) : .null
            }
            return .object(members.mapValues { open($0) })
        default: return value
        }
    }
}
