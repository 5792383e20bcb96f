internal import Operations

/// Values with their secrets, as JSON that is going to be sealed.
enum SecretMarks {
    private static let key = "$secret"

    /// `value` with each secret in clear, marked as one.
    static func marked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .secret(let secret): [key: .string(secret.reveal())]
        case .array(let elements): .array(elements.map(marked))
        case .object(let members): .object(members.mapValues(marked))
        default: value
        }
    }

    /// What ``marked(_:)`` made of it before.
    static func unmarked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(unmarked))
        case .object(let members):
            if members.count == 1, let text = members[key]?.stringValue { return .secret(SecretValue(text)) }
            return .object(members.mapValues(unmarked))
        default: return value
        }
    }
}
