/// A function in a definition file.
struct StubFunction: Sendable, Hashable {
    /// The name as a script writes it, such as `users.get`.
    var name: String
    /// One line: what it does.
    var summary: String
    /// What a person must know to use it, a paragraph each.
    var paragraphs: [String]
    /// A few lines of Lua; empty for none.
    var example = ""
    /// The names of types that each call has of its own.
    var generics: [String] = []
    /// The arguments in order.
    var parameters: [StubField]
    /// What it answers, in order.
    var results: [StubField]

    /// The lines that define it.
    var lines: [String] {
        var lines = StubText.comment(([summary] + paragraphs).joined(separator: "\n\n"))
        if !example.isEmpty {
            lines += ["---", "---```lua"] + example.split(separator: "\n").map { "---" + $0 } + ["---```"]
        }
        if !generics.isEmpty { lines.append("---@generic \(generics.joined(separator: ", "))") }
        lines += parameters.map(\.parameterLine) + results.map(\.returnLine)
        lines.append("function \(name)(\(parameters.map(\.name).joined(separator: ", "))) end")
        return lines
    }
}
