import ArgumentParser
import CommandSupport
import RunbookHost
import SharedLoop

/// `runbook apply PLAN`.
struct ApplyCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the changes that a plan lists, and no others.",
        discussion: """
            The runbook runs as it was when the plan was made, for the same target and with the same parameters. A change that \
            the plan does not list, or whose state before is no longer what the plan found, is not sent: the run stops there. A \
            plan works once, and until it expires.

              runbook apply unlock.plan
            """)

    @Argument(
        help: ArgumentHelp("The plan's file, or its id.", valueName: "plan"), completion: WordCompletion.plans)
    var plan: String

    @Flag(name: .shortAndLong, help: "Answer every question of the runbook with yes.")
    var yes = false

    @Flag(help: "Run the script in a worker with full rights, on a system that cannot confine.")
    var unconfined = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, isUnconfined: unconfined, environment: environment)
        let plan = try await PlanFile.read(plan, session)
        let launch = Launch(session: session, options: options, yes: yes, environment: environment)
        try await launch.finish(try await launch.apply(plan, approval: "plan"))
    }
}
