import Operations

/// The manifest of a recorded runbook, as it is written in good style.
struct ScriptManifest {
    /// The columns of a line.
    private static let width = 100

    let title: String
    let documentation: String
    let parameters: [SecretParameters.Parameter]
    let needs: [Capability]
    /// How many changes it may make; 0 for none that is told.
    let changes: Int

    /// `runbook { … }`
    var text: String {
        var members = [("title", HarmlessText.literal(title)), ("doc", HarmlessText.literal(documentation))]
        if !parameters.isEmpty {
            let lines = parameters.map { parameter in
                "    \(parameter.name) = { type = \"secret\", required = true, doc = "
                    + "\(HarmlessText.literal(parameter.documentation)) },\n"
            }
            members.append(("params", "{\n\(lines.joined())  }"))
        }
        members.append(("needs", Self.list(needs.map { HarmlessText.literal($0.rawValue) })))
        if changes > 0 { members.append(("limits", "{ changes = \(changes) }")) }
        let longest = members.map(\.0.count).max() ?? 0
        let lines = members.map { name, value in
            "  \(name)\(String(repeating: " ", count: longest - name.count)) = \(value),\n"
        }
        return "runbook {\n\(lines.joined())}"
    }

    /// A list on one line, or on several where it is too long.
    private static func list(_ elements: [String]) -> String {
        guard !elements.isEmpty else { return "{}" }
        let line = "{ \(elements.joined(separator: ", ")) }"
        // The name of the member stands before it, and a comma behind it.
        guard line.utf8.count > width - "  limits = ,".count else { return line }
        return "{\n\(elements.map { "    \($0),\n" }.joined())  }"
    }
}
