import ArgumentParser
import CommandSupport
import Operations

/// `runbook operations [NAME]`.
struct OperationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operations",
        abstract: "Show what a runbook can call, or all about one operation.",
        discussion: "  runbook operations users.unlock")

    @Argument(
        help: "An operation's name in Lua, or its API's own name.", completion: WordCompletion.operations)
    var name: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let catalogue = Catalogue.standard
        guard let name else {
            let text =
                options.json
                ? JSONValue.array(catalogue.operations.map(\.json)).text : Self.table(catalogue.operations)
            return StandardStream.output.write(text + "\n")
        }
        guard let operation = catalogue[name] else {
            let inTable = catalogue.operations.filter { $0.table == name }
            if !inTable.isEmpty {
                let text = options.json ? JSONValue.array(inTable.map(\.json)).text : Self.table(inTable)
                return StandardStream.output.write(text + "\n")
            }
            let near = name.nearest(among: catalogue.operations.flatMap { [$0.name, $0.apiName] })
            throw CommandError(
                "there is no operation '\(name)'; "
                    + (near.map { "did you mean '\($0)'?" } ?? "'runbook operations' lists them"))
        }
        StandardStream.output.write((options.json ? operation.json.text : Self.page(operation)) + "\n")
    }

    private static func table(_ operations: [Operation]) -> String {
        let width = operations.map(\.signature.count).max() ?? 0
        let capability = operations.map(\.capability.rawValue.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        return operations.map { operation in
            let mark = operation.effect.isChange ? "*" : " "
            return
                "\(mark) \(padded(operation.signature, width))  \(padded(operation.capability.rawValue, capability))  \(operation.summary)"
        }.joined(separator: "\n") + "\n\n* changes something"
    }

    private static func page(_ operation: Operation) -> String {
        var lines = [operation.signature, "", operation.summary]
        if !operation.documentation.isEmpty { lines += ["", operation.documentation] }
        if !operation.parameters.isEmpty { lines += ["", "Arguments"] }
        for parameter in operation.parameters {
            let optional = parameter.isRequired ? "" : ", optional"
            lines.append("  \(parameter.name) (\(parameter.type.description)\(optional)): \(parameter.documentation)")
            if case .object(let fields) = parameter.type {
                for field in fields where !field.isReadOnly {
                    let required = field.isRequired ? ", required" : ""
                    lines.append("    \(field.name) (\(field.type.description)\(required)): \(field.documentation)")
                }
            }
        }
        lines += ["", "Capability  \(operation.capability)", "Effect      \(operation.effect.rawValue)"]
        if let endpoint = operation.endpoint {
            lines.append(
                "Request     \(endpoint.method.rawValue) \(endpoint.path) (\(endpoint.service), \(operation.apiName))")
        }
        return lines.joined(separator: "\n")
    }
}

extension Operation {
    /// What a program wants to know of it.
    var json: JSONValue {
        [
            "name": .string(name), "api_name": .string(apiName), "signature": .string(signature),
            "service": endpoint.map { .string($0.service.rawValue) } ?? .null,
            "method": endpoint.map { .string($0.method.rawValue) } ?? .null,
            "path": endpoint.map { .string($0.path) } ?? .null,
            "parameters": .array(
                parameters.map {
                    [
                        "name": .string($0.name), "type": .string($0.type.description),
                        "required": .bool($0.isRequired),
                        "doc": .string($0.documentation),
                    ]
                }),
            "effect": .string(effect.rawValue), "capability": .string(capability.rawValue), "summary": .string(summary),
            "doc": .string(documentation),
        ]
    }
}
