import ArgumentParser
import CommandSupport
import RunbookHost
import SharedLoop

/// `runbook undo RUN -o PLAN`.
struct UndoCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Make a plan that takes the changes of a run back.",
        discussion: """
            The plan restores roles, access, the enabled state and profiles as they were before the run, and deletes what it \
            created. What cannot be taken back is named: deleted users, passwords, two-factor seeds, unlocks. Nothing is \
            changed before the plan is applied.

              runbook undo last -o undo.plan
              runbook apply undo.plan
            """)

    @Argument(
        help: ArgumentHelp("The run's id, a beginning of it that no other has, or 'last'.", valueName: "run"),
        completion: WordCompletion.changingRuns)
    var run: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the plan to this file too.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("How long the plan can be applied. Default: 24h.", valueName: "time"))
    var expires: String?

    @Flag(name: .customLong("detailed-exit-code"), help: "Exit with 3 if there is something to take back.")
    var detailedExitCode = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, environment: environment)
        let record = try await session.state.run(run)
        try ResumeCommand.checkTarget(of: record, session)
        let undo: Undo
        do throws(ResumeError) { undo = try await session.host.undo(record.id) } catch {
            throw ResumeCommand.error(error)
        }
        let launch = Launch(session: session, options: options, yes: false, environment: environment)
        for loss in undo.losses {
            session.terminal.write(
                line: session.terminal.colored("cannot be taken back: ", .yellow)
                    + "\(loss.summary): \(loss.reason)".shown)
        }
        var runOptions = launch.runOptions()
        runOptions.planLifetime = try PlanCommand.lifetime(expires)
        runOptions.undoes = record.id
        runOptions.known = undo.secrets
        let (outcome, plan) = try await launch.plan(undo.runbook, runOptions)
        guard let plan else { return try await launch.finish(outcome) }
        try await PlanOutput(plan: plan, options: options, output: output).finish(launch, detailedExitCode)
    }
}
