internal import Operations

/// What a run began with and nobody may read: its source, which may hold a secret, with its signature, and its parameters.
package struct RunOrigin: Sendable {
    package let runbook: Runbook
    package let parameters: [String: ParameterInput]

    package init(_ runbook: Runbook, parameters: [String: ParameterInput]) {
        self.runbook = runbook
        self.parameters = parameters
    }

    package func sealed(by sealer: Sealer, run: String) -> [UInt8] {
        let inputs = parameters.mapValues { input -> JSONValue in
            switch input {
            case .text(let text): ["text": .string(text)]
            case .value(let value): ["value": SecretMarks.marked(value)]
            }
        }
        var members = runbook.sealedMembers
        members["parameters"] = .object(inputs)
        return sealer.seal(JSONValue.object(members).bytes(), for: Self.purpose(run))
    }

    /// - Parameter name: the runbook's, which is no secret and kept elsewhere.
    package init(_ sealed: [UInt8], by sealer: Sealer, run: String, name: String) throws(Sealer.OpenError) {
        let bytes = try sealer.open(sealed, for: Self.purpose(run))
        let json = (try? JSONValue(parsing: bytes)) ?? .null
        runbook = Runbook(name: name, sealed: json) ?? Runbook(name: name, source: [])
        var parameters: [String: ParameterInput] = [:]
        for (name, input) in json["parameters"]?.objectValue ?? [:] {
            if let text = input["text"]?.stringValue {
                parameters[name] = .text(text)
            } else if let value = input["value"] {
                parameters[name] = .value(SecretMarks.unmarked(value))
            }
        }
        self.parameters = parameters
    }

    private static func purpose(_ run: String) -> String { "origin \(run)" }
}
