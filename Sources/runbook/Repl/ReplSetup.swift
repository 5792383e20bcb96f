import CommandSupport
import RunbookHost
import SharedLoop

/// What a session was asked for on the command line.
struct ReplSetup: Sendable {
    var options: GlobalOptions
    let limits: LimitFlags
    var mode: ReplMode
    let yes: Bool
    let isUnconfined: Bool
    let loop: SharedLoop
    let environment: [String: String]

    /// Puts the parts together for the target of the options.
    ///
    /// - Parameter adjust: completes how statements are run.
    func parts(_ adjust: (Launch, inout SessionOptions) -> Void) throws(CommandError) -> ReplParts {
        let session = try Session(options, loop: loop, isUnconfined: isUnconfined, environment: environment)
        let launch = Launch(session: session, options: options, yes: yes, environment: environment)
        var statements = SessionOptions(limits: try RunCommand.limits(session.configuration.limits, limits))
        let common = launch.runOptions()
        statements.actor = common.actor
        statements.target = common.target
        statements.confirm = common.confirm
        statements.secret = common.secret
        statements.file = common.file
        statements.observer = common.observer
        adjust(launch, &statements)
        return ReplParts(
            session: session, launch: launch,
            interactive: InteractiveSession(host: session.host, options: statements, mode: mode.run),
            names: ReplNames(session: session).cache())
    }
}
