import ArgumentParser

/// The flags that mean the same in every subcommand.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where state is kept.", discussion: "Default: $XDG_STATE_HOME/runbook.", valueName: "dir"))
    var state: String?

    @Option(
        help: ArgumentHelp("The configuration file to read instead of the project's and your own.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The named target of the configuration to talk to.", valueName: "name"))
    var target: String?

    @Flag(help: "Print exactly one JSON document on stdout.")
    var json = false

    @Flag(name: .customLong("no-color"), help: "Print without colours, also on a terminal.")
    var noColor = false

    @Flag(name: .customLong("no-input"), help: "Never ask; what would need an answer fails instead.")
    var noInput = false

    @Option(
        help: ArgumentHelp("The least important log lines to show: debug, info, warn or error.", valueName: "level"))
    var logLevel: LogLevel?

    @Option(help: ArgumentHelp("How log lines are written to stderr: text or json.", valueName: "format"))
    var logFormat: LogFormat?
}

/// Names of log levels, as scripts use them.
enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
    case debug, info, warn, error
}

/// How log lines are written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}
