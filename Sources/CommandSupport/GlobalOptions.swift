package import ArgumentParser

/// The flags that mean the same in every subcommand.
package struct GlobalOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp("Where state is kept. Default: $XDG_STATE_HOME/runbook.", valueName: "dir"),
        completion: .directory)
    package var state: String?

    @Option(
        help: ArgumentHelp("The configuration file to read instead of the project's and your own.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    package var config: String?

    // Only a program that reads configurations knows them; it answers itself.
    @Option(
        help: ArgumentHelp("The named target of the configuration to talk to.", valueName: "name"),
        completion: .custom { _, _, _ in [] })
    package var target: String?

    @Flag(help: "Print exactly one JSON document on stdout.")
    package var json = false

    @Flag(name: .customLong("no-color"), help: "Print without colours, also on a terminal.")
    package var noColor = false

    @Flag(name: .customLong("no-input"), help: "Never ask; what would need an answer fails instead.")
    package var noInput = false

    @Option(
        help: ArgumentHelp("The least important log lines to show: debug, info, warn or error.", valueName: "level"))
    package var logLevel: LogLevel?

    @Option(help: ArgumentHelp("How log lines are written to stderr: text or json.", valueName: "format"))
    package var logFormat: LogFormat?

    package init() {}
}
