internal import Operations

/// What is sealed of a runbook wherever one is kept: its name is no secret, and stands outside.
extension Runbook {
    var sealedMembers: [String: JSONValue] {
        var members: [String: JSONValue] = ["source": .string(Hexadecimal.text(source))]
        if let signature { members["signature"] = .string(Hexadecimal.text(signature)) }
        if maker != .somebody { members["maker"] = .string(maker.rawValue) }
        return members
    }

    /// Reads ``sealedMembers``; `nil` if there is no source among them.
    init?(name: String, sealed: JSONValue) {
        guard let source = sealed["source"]?.stringValue.flatMap(Hexadecimal.bytes) else { return nil }
        self.init(
            name: name, source: source, signature: sealed["signature"]?.stringValue.flatMap(Hexadecimal.bytes),
            maker: sealed["maker"]?.stringValue.flatMap { RunbookMaker(rawValue: $0) } ?? .somebody)
    }
}
