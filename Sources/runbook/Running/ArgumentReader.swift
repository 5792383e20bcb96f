import CommandSupport
import Operations

/// Reads an operation's arguments from a command line, by the types that the catalogue gives them.
struct ArgumentReader {
    let operation: Operation
    let environment: [String: String]
    let mayAsk: Bool

    /// The values as a script would pass them.
    func read(_ texts: [String]) throws(CommandError) -> [JSONValue] {
        switch operation.convention {
        case .positional:
            guard texts.count <= operation.parameters.count else {
                throw CommandError(
                    "\(operation.name) takes at most \(operation.parameters.count) arguments, not \(texts.count): \(operation.signature)"
                )
            }
            var values: [JSONValue] = []
            for (text, parameter) in zip(texts, operation.parameters) { values.append(try value(text, parameter)) }
            return values
        case .named:
            var members: [String: JSONValue] = [:]
            for text in texts {
                guard let equals = text.firstIndex(of: "=") else {
                    throw CommandError(
                        "\(operation.name) takes arguments by name, such as \(operation.parameters.first?.name ?? "name")=…, not '\(text)'"
                    )
                }
                let name = String(text[..<equals]), rest = String(text[text.index(after: equals)...])
                guard let parameter = operation.parameters.first(where: { $0.name == name }) else {
                    let names = operation.parameters.map(\.name)
                    throw CommandError(
                        "\(operation.name) has no argument '\(name)'; there are: \(names.joined(separator: ", "))")
                }
                members[name] = try value(rest, parameter)
            }
            return members.isEmpty ? [] : [.object(members)]
        }
    }

    private func value(_ text: String, _ parameter: Parameter) throws(CommandError) -> JSONValue {
        switch parameter.type {
        case .string: return .string(text)
        case .secret:
            return .secret(
                try SecretInput.read(
                    text, name: "\(parameter.name) of \(operation.name)", environment: environment, mayAsk: mayAsk))
        case .object(let fields):
            // What cannot be read may hold a secret, and would go on as plain text.
            guard let value = try? JSONValue(parsing: text), value.objectValue != nil else {
                throw CommandError(
                    "\(parameter.name) of \(operation.name) must be a JSON object, such as '{\"\(fields.first?.name ?? "name")\": …}'"
                )
            }
            return try sealing(fields, in: value, of: parameter)
        default: return parse(text, parameter)
        }
    }

    /// JSON if it is, else the text itself: the gate then says what it should have been.
    private func parse(_ text: String, _ parameter: Parameter) -> JSONValue {
        if let value = try? JSONValue(parsing: text) { return value }
        if case .array = parameter.type, !text.hasPrefix("[") {
            return .array(
                text.split(separator: ",").map { part in
                    (try? JSONValue(parsing: String(part))) ?? .string(String(part))
                })
        }
        return .string(text)
    }

    private func sealing(_ fields: [Field], in value: JSONValue, of parameter: Parameter) throws(CommandError)
        -> JSONValue
    {
        guard var members = value.objectValue else { return value }
        for field in fields where field.type == .secret {
            if let text = members[field.name]?.stringValue {
                members[field.name] = .secret(
                    try SecretInput.read(
                        text, name: "\(field.name) of \(parameter.name)", environment: environment, mayAsk: mayAsk))
            }
        }
        return .object(members)
    }
}
