import ArgumentParser
import CommandSupport
import Glibc
import RunbookHost
import SharedLoop

/// `runbook repl [FILE…]`.
struct ReplCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Try things on a console, statement by statement.",
        discussion: """
            An interactive session: what you type runs as a runbook does, confined, logged and through the same gate. It begins \
            in plan mode: changes are shown and not sent until you say .apply. .help tells the rest.

            Files named are loaded first. With -e, or with code on standard input, it runs that and ends: values go to \
            stdout, everything else to stderr, with the exit codes of 'runbook run'.

              runbook repl
              runbook repl -e 'users.find { login = "ada" }' --json
              runbook repl helpers.lua --mode live -e 'unlock_all("security-manager")'
            """)

    @Argument(
        help: ArgumentHelp("Lua files to load first.", valueName: "file"), completion: .file(extensions: ["lua"]))
    var files: [String] = []

    @Option(
        name: [.customShort("e"), .customLong("execute")],
        help: ArgumentHelp("Run this and end; may be given more than once.", valueName: "code"))
    var execute: [String] = []

    @Option(help: ArgumentHelp("plan: changes are shown; live: they are sent at once.", valueName: "mode"))
    var mode = ReplMode.plan

    @Option(
        help: ArgumentHelp(
            "A parameter of the files; a secret one takes \(SecretInput.ways).", valueName: "name=value"),
        completion: WordCompletion.parameters)
    var param: [String] = []

    @Flag(name: .shortAndLong, help: "Answer every question of the code with yes.")
    var yes = false

    @Flag(help: "Run the code in a worker with full rights, on a system that cannot confine.")
    var unconfined = false

    @OptionGroup var limits: LimitFlags
    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let setup = ReplSetup(
            options: options, limits: limits, mode: mode, yes: yes, isUnconfined: unconfined, loop: loop,
            environment: ConfigurationSources.processEnvironment)
        let parameters = try RunCommand.parameters(param)
        if execute.isEmpty, isatty(STDIN_FILENO) == 1 {
            guard StandardStream.output.isTerminal else {
                throw CommandError(
                    "a session needs a terminal to show things on, and its output goes elsewhere: give code with -e")
            }
            guard !options.json else {
                throw CommandError("--json is for code that is given with -e or on standard input, not for a session")
            }
            try await Repl(setup).run(files: files, parameters: parameters)
        } else {
            try await ReplScript(setup: setup).run(code: execute, files: files, parameters: parameters)
        }
    }
}
