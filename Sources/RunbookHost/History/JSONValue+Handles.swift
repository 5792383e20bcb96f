internal import Operations

extension JSONValue {
    /// As a person may read it: what stands for a secret, or for arguments that may hold one, is a closed secret again.
    var withoutHandles: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutHandles))
        case .object(let members):
            if members.count == 1, members["$secret"] != nil || members["$digest"] != nil {
                .string(SecretValue.redacted)
            } else {
                // What the host itself notes is no argument's name.
                .object(members.filter { !$0.key.hasPrefix("$") }.mapValues(\.withoutHandles))
            }
        default: self
        }
    }
}
