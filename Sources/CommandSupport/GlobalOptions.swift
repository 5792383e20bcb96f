public import ArgumentParser

/// The flags that mean the same in every subcommand.
public struct GlobalOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp("Where state is kept.", discussion: "Default: $XDG_STATE_HOME/runbook.", valueName: "dir"))
    public var state: String?

    @Option(
        help: ArgumentHelp("The configuration file to read instead of the project's and your own.", valueName: "file"))
    public var config: String?

    @Option(help: ArgumentHelp("The named target of the configuration to talk to.", valueName: "name"))
    public var target: String?

    @Flag(help: "Print exactly one JSON document on stdout.")
    public var json = false

    @Flag(name: .customLong("no-color"), help: "Print without colours, also on a terminal.")
    public var noColor = false

    @Flag(name: .customLong("no-input"), help: "Never ask; what would need an answer fails instead.")
    public var noInput = false

    @Option(
        help: ArgumentHelp("The least important log lines to show: debug, info, warn or error.", valueName: "level"))
    public var logLevel: LogLevel?

    @Option(help: ArgumentHelp("How log lines are written to stderr: text or json.", valueName: "format"))
    public var logFormat: LogFormat?

    public init() {}
}
