import CommandSupport
import Operations
import RESTClient
import RunbookHost

/// All that a command is told from outside: flags, environment variables, the project's file and the user's.
///
/// The first that says something wins, in this order: flag, environment variable, project file (`runbook.yaml` or
/// `.runbook.yaml`, in the working directory or the nearest one above it), user file
/// (`$XDG_CONFIG_HOME/runbook/config.yaml`), default. `--config` and `RUNBOOK_CONFIG` name a file that replaces both.
///
/// A project file comes with a checkout, perhaps somebody else's. So it can narrow limits and policy and never widen
/// them, runs no command, and gets at no secret but those that were meant for it (``SecretSource``).
struct Configuration: Sendable {
    /// Where runs, trusted certificates and all else that must last is kept: an absolute path.
    var stateDirectory: String
    /// Where the key is kept that seals what is secret in the state; `nil` for a file beside the state.
    var stateKey: SecretSource?
    /// Where `runbook run NAME` and `runbook list` look, the first one first: absolute paths. Not all need exist.
    var runbookDirectories: [String]
    /// The most that a run may use.
    var limits: RunLimits
    /// What runbooks may do.
    var policy: Policy
    /// Where the key is that `runbook sign` signs with; `nil` if nobody says.
    var signingKey: SecretSource?
    /// The least important log lines to show; `nil` if nobody says: each command has its own default.
    var logLevel: LogLevel?
    /// How log lines are written; `nil` if nobody says.
    var logFormat: LogFormat?
    /// Where checkpoints of the audit log go; `nil` if none are made.
    var checkpoint: CheckpointDestination?
    /// The public halves of the keys that signed checkpoints before this one did.
    var formerAuditKeys: [AuditPublicKey] = []
    /// Every value with where it comes from, for people: secrets are never among them.
    var entries: [Entry]
    /// What a person should know and what stops nothing, a sentence each.
    var warnings: [String]
    /// The configuration files that were read.
    var files: [String]
    /// The name of the target that ``target(warn:)`` gives; `nil` if nothing is configured.
    var targetName: String?
    /// Whether a flag or a variable has named that target.
    var isTargetAskedFor: Bool

    /// Every target by name, also the one of the environment variables.
    let targets: [String: TargetSettings]
    let sources: ConfigurationSources

    /// Reads the configuration. No credential is read yet.
    ///
    /// - Parameters:
    ///   - environment: the environment variables.
    /// - Throws: ``CommandError`` with file and line, or the variable or flag, and what to do.
    static func load(
        _ options: GlobalOptions, environment: [String: String] = ConfigurationSources.processEnvironment
    ) throws(CommandError) -> Configuration {
        try load(options, sources: ConfigurationSources(environment: environment))
    }

    /// Reads the configuration from given sources.
    static func load(
        _ options: GlobalOptions, sources: ConfigurationSources
    ) throws(CommandError) -> Configuration {
        var loader = try ConfigurationLoader(options, sources: sources)
        return try loader.load()
    }

    /// The certificates that `runbook trust` has stored.
    var trustStore: TrustStore { TrustStore(stateDirectory: stateDirectory) }

    /// The target to talk to, its credentials read now.
    ///
    /// - Parameter warn: is told of what a person should know, such as a password file that everybody can read.
    ///   Default: a line on stderr.
    /// - Throws: ``CommandError`` if no target is configured, several are and none is chosen, or what is configured
    ///   cannot be right.
    func target(warn: (String) -> Void = Configuration.warnOnStandardError) throws(CommandError) -> Target {
        guard let targetName else { throw noTarget() }
        return try target(named: targetName, warn: warn)
    }
}
