internal import Operations

/// The secrets of one run. The machine holds only their numbers; the texts stay here.
struct SecretVault: Sendable {
    /// By number, from 1.
    private var secrets: [Int: SecretValue] = [:]
    private var last = 0
    private let known: KnownSecrets

    /// What a person tells of a call stands far behind, where the run's own numbers never come.
    static let decided = 1_000_000_000

    /// - Parameter known: learns every secret that comes in. Default: nobody does.
    init(_ known: KnownSecrets = KnownSecrets()) { self.known = known }

    /// How a secret's number stands in the JSON between host and machine.
    private static let key = "$secret"

    /// `value` with each secret replaced by a handle on it, and those secrets by number.
    mutating func seal(_ value: JSONValue) -> (value: JSONValue, secrets: [Int: SecretValue]) {
        var new: [Int: SecretValue] = [:]
        let sealed = seal(value, &new)
        return (sealed, new)
    }

    private mutating func seal(_ value: JSONValue, _ new: inout [Int: SecretValue]) -> JSONValue {
        switch value {
        case .secret(let secret):
            last += 1
            secrets[last] = secret
            new[last] = secret
            known.add(value)
            return [Self.key: .integer(Int64(last))]
        case .array(let elements):
            var sealed: [JSONValue] = []
            for element in elements { sealed.append(seal(element, &new)) }
            return .array(sealed)
        case .object(let members):
            var sealed: [String: JSONValue] = [:]
            for key in members.keys.sorted() { sealed[key] = members[key].map { seal($0, &new) } }
            return .object(sealed)
        default: return value
        }
    }

    /// Numbers the next secret behind `number`.
    mutating func skip(to number: Int) { last = max(last, number) }

    /// Takes back in what an earlier process had under these numbers.
    mutating func restore(_ old: [Int: SecretValue]) {
        for (number, secret) in old {
            secrets[number] = secret
            known.add(.secret(secret))
            if number < Self.decided { last = max(last, number) }
        }
    }

    /// `value` with each handle replaced by its secret; a handle that was never given out becomes `null`.
    func open(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { open($0) })
        case .object(let members):
            if members.count == 1, let number = members[Self.key]?.integerValue {
                return secrets[Int(clamping: number)].map { .secret($0) } ?? .null
            }
            return .object(members.mapValues { open($0) })
        default: return value
        }
    }
}
