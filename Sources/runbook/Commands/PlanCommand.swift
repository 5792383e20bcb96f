import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook plan FILE|NAME`.
struct PlanCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a runbook would change, and change nothing.",
        discussion: """
            The script runs over live reads; its changes are shown and not sent. Later reads answer as if they had been made. \
            What depends on an answer that only the server can give is marked conditional.

              runbook plan unlock-locked-users --param role=security-manager -o unlock.plan
              runbook apply unlock.plan
            """)

    @Argument(
        help: ArgumentHelp("A path, or the name of a runbook that 'runbook list' shows.", valueName: "file|name"),
        completion: WordCompletion.runbooks)
    var runbook: String

    @Option(
        help: ArgumentHelp(
            "A parameter; a secret one takes \(SecretInput.ways).", valueName: "name=value"),
        completion: WordCompletion.parameters)
    var param: [String] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the plan to this file too.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("How long the plan can be applied. Default: 24h.", valueName: "time"))
    var expires: String?

    @Flag(name: .customLong("detailed-exit-code"), help: "Exit with 3 if there is something to change.")
    var detailedExitCode = false

    @Flag(help: "Run the script in a worker with full rights, on a system that cannot confine.")
    var unconfined = false

    @OptionGroup var limits: LimitFlags
    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, isUnconfined: unconfined, environment: environment)
        let file = try RunbookFile.read(runbook, directories: session.configuration.runbookDirectories)
        let launch = Launch(session: session, options: options, yes: false, environment: environment)
        var runOptions = launch.runOptions(
            try RunCommand.parameters(param),
            limits: try RunCommand.limits(session.configuration.limits, limits))
        runOptions.planLifetime = try Self.lifetime(expires)
        let (outcome, plan) = try await launch.plan(file, runOptions)
        guard let plan else { return try await launch.finish(outcome) }
        try await PlanOutput(plan: plan, options: options, output: output).finish(launch, detailedExitCode)
    }

    /// Reads how long a plan holds, in milliseconds.
    static func lifetime(_ text: String?) throws(CommandError) -> Int64? {
        guard let text else { return nil }
        guard let duration = Duration(quantity: text), duration > .zero else {
            throw CommandError("--expires must be a duration such as 30m, 8h or 7d, not '\(text)'")
        }
        return duration.inMilliseconds
    }
}
