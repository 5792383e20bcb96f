internal import Operations

/// What a run began with and nobody may read: its source, which may hold a secret, and its parameters.
package struct RunOrigin: Sendable {
    package var source: [UInt8]
    package var parameters: [String: ParameterInput]

    package init(source: [UInt8], parameters: [String: ParameterInput]) {
        self.source = source
        self.parameters = parameters
    }

    package func sealed(by sealer: Sealer, run: String) -> [UInt8] {
        let inputs = parameters.mapValues { input -> JSONValue in
            switch input {
            case .text(let text): ["text": .string(text)]
            case .value(let value): ["value": SecretMarks.marked(value)]
            }
        }
        let json: JSONValue = ["source": .string(Hexadecimal.text(source)), "parameters": .object(inputs)]
        return sealer.seal(json.bytes(), for: Self.purpose(run))
    }

    package init(_ sealed: [UInt8], by sealer: Sealer, run: String) throws(Sealer.OpenError) {
        let bytes = try sealer.open(sealed, for: Self.purpose(run))
        let json = (try? JSONValue(parsing: bytes)) ?? .null
        source = json["source"]?.stringValue.flatMap(Hexadecimal.bytes) ?? []
        parameters = [:]
        for (name, input) in json["parameters"]?.objectValue ?? [:] {
            if let text = input["text"]?.stringValue {
                parameters[name] = .text(text)
            } else if let value = input["value"] {
                parameters[name] = .value(SecretMarks.unmarked(value))
            }
        }
    }

    private static func purpose(_ run: String) -> String { "origin \(run)" }
}
