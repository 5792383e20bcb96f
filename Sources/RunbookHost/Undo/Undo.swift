public import Operations

/// What takes the changes of a run back: a runbook of its own, to be planned, looked at and applied like any other.
public struct Undo: Sendable {
    /// A change that cannot be taken back.
    public struct Loss: Sendable, Hashable {
        /// What was done, one line for a person.
        public let summary: String
        /// Why it stays.
        public let reason: String
    }

    /// The run that is undone.
    public let run: String
    /// The runbook that restores what was before, one call a line.
    public let runbook: Runbook
    /// How many calls it makes.
    public let steps: Int
    /// What cannot be taken back.
    public let losses: [Loss]
    /// The secrets of the run: its changes may have left them where anybody reads them, and no plan is to repeat them. For
    /// ``RunOptions/known``.
    public let secrets: [SecretValue]

    init(run: String, steps: [InverseStep], losses: [Loss], secrets: [SecretValue], catalogue: Catalogue) {
        self.run = run
        self.steps = steps.count
        self.losses = losses
        self.secrets = secrets
        let needs = Set(steps.compactMap { catalogue[$0.operation]?.capability.rawValue }).sorted()
        var lines = [
            "runbook { title = \"Undo of run \(run)\", needs = { \(needs.map { "\"\($0)\"" }.joined(separator: ", ")) } }"
        ]
        for step in steps {
            lines.append("-- \(LuaLiteral.oneLine(step.summary))")
            lines.append(
                "\(step.operation)(\(step.arguments.map { LuaLiteral.text(of: $0) }.joined(separator: ", ")))")
        }
        runbook = Runbook(
            name: "undo-\(run).lua", source: Array((lines.joined(separator: "\n") + "\n").utf8), signature: nil,
            maker: .journal)
    }
}
