internal import Operations

/// The planned changes of a session as a runbook: one call a line, in their order.
public struct PlannedScript: Sendable {
    /// The runbook.
    public let runbook: Runbook
    /// The secrets that the changes need, for its parameters.
    public let parameters: [String: ParameterInput]

    init(_ steps: [PlanDraft.Step]) {
        var writer = Writer()
        for step in steps where step.change.refusal == nil { writer.add(step) }
        runbook = Runbook(name: "repl.lua", source: writer.source, signature: nil, maker: .session)
        parameters = writer.parameters
    }

    private struct Writer {
        private var needs: Set<String> = []
        private var lines: [String] = []
        private var created: [Int64: String] = [:]
        private(set) var parameters: [String: ParameterInput] = [:]
        private var names: [SecretValue: String] = [:]

        mutating func add(_ step: PlanDraft.Step) {
            let operation = step.request.operation
            needs.insert(operation.capability.rawValue)
            var arguments = step.request.arguments.mapValues { literal($0) }
            for parameter in operation.parameters where parameter.location == .path {
                // What the plan itself creates is known by the id that it then gets.
                if let id = step.request.arguments[parameter.name]?.integerValue, let variable = created[id] {
                    arguments[parameter.name] = variable
                }
            }
            var call: String
            switch operation.convention {
            case .named:
                let fields = operation.parameters.compactMap { parameter in
                    arguments[parameter.name].map { "\(LuaLiteral.key(parameter.name)) = \($0)" }
                }
                call = "\(operation.name) { \(fields.joined(separator: ", ")) }"
            case .positional:
                var values = operation.parameters.map { arguments[$0.name] ?? "nil" }
                while values.last == "nil" { values.removeLast() }
                call = "\(operation.name)(\(values.joined(separator: ", ")))"
            }
            if let placeholder = step.change.placeholder {
                // In a table: a function has 200 locals at most.
                let variable = "created[\(created.count + 1)]"
                created[placeholder] = variable
                call = "\(variable) = \(call)"
            }
            lines.append("-- \(LuaLiteral.oneLine(step.change.summary))")
            lines.append(call)
        }

        private mutating func literal(_ value: JSONValue) -> String {
            LuaLiteral.text(of: value) { secret in
                if let name = names[secret] { return "params.\(name)" }
                let name = "secret_\(names.count + 1)"
                names[secret] = name
                parameters[name] = .value(.secret(secret))
                return "params.\(name)"
            }
        }

        var source: [UInt8] {
            var head = ["runbook {", "  title = \"Changes planned in an interactive session\","]
            head.append("  needs = { \(needs.sorted().map { "\"\($0)\"" }.joined(separator: ", ")) },")
            if !parameters.isEmpty {
                head.append("  params = {")
                for name in parameters.keys.sorted() {
                    head.append("    \(name) = { type = \"secret\", required = true },")
                }
                head.append("  },")
            }
            head.append("}")
            if !created.isEmpty { head += ["", "local created = {}"] }
            return Array((head + [""] + lines).joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
        }
    }
}
