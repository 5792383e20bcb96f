import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook runs`.
struct RunsCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs, the newest first, and what waits for you.",
        discussion: """
            A run that needs a decision, or whose process died, says so in the last column.

              runbook runs --status failed --status needs_decision
              runbook runs --runbook unlock-locked-users --limit 5
            """)

    @Option(
        help: ArgumentHelp(
            "Only runs that stand so: \(RunStatus.allCases.map(\.rawValue).joined(separator: ", ")). May be given more than once.",
            valueName: "status"), completion: .list(RunStatus.allCases.map(\.rawValue)), transform: RunsCommand.status)
    var status: [RunStatus] = []

    @Option(
        help: ArgumentHelp("Only runs of this runbook, by its name or path.", valueName: "name"),
        completion: WordCompletion.runbooks)
    var runbook: String?

    @Option(help: ArgumentHelp("The newest so many; 0 for all.", valueName: "n"))
    var limit = 20

    @OptionGroup var options: GlobalOptions

    private static func status(_ name: String) throws -> RunStatus {
        let names = RunStatus.allCases.map(\.rawValue)
        guard let status = RunStatus(rawValue: name) else {
            let near =
                name.nearest(among: names).map { "did you mean '\($0)'?" } ?? "there is "
                + names.joined(separator: ", ")
            throw ValidationError("--status does not know '\(name)'; \(near)")
        }
        return status
    }

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must be 0 or more, not \(limit)") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let state = StateStore(try Configuration.load(options, environment: environment))
        let filter = RunFilter(statuses: Set(status), runbook: runbook, limit: limit == 0 ? nil : limit)
        let runs = try await state.runs(filter).map {
            (record: $0, standing: RunStanding($0, isAlive: state.isAlive))
        }
        if options.json {
            let list = runs.map { $0.record.summary($0.standing) }
            StandardStream.output.write(JSONValue.array(list).text + "\n")
        } else if runs.isEmpty {
            let isNarrowed = !status.isEmpty || runbook != nil
            StandardStream.error.write(
                isNarrowed ? "no such runs in \(state.directory)\n" : "no runs yet in \(state.directory)\n")
        } else {
            let style = ScreenStyle(options: options, environment: environment)
            StandardStream.output.write(RunsTable(runs: runs).text(style))
        }
    }
}
