import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook call OPERATION [ARG…]`: one operation, through the gate that every runbook's calls pass.
struct CallCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one operation.",
        discussion: """
            Arguments are JSON, or plain text where text is due; arguments by name are written name=value. Secrets take \
            \(SecretInput.ways).

              runbook call users.get 7
              runbook call users.page page=0 size=50
              runbook call users.create '{"login": "ada", …}'
            """)

    @Argument(help: "The operation's name, such as users.get.", completion: WordCompletion.operations)
    var operation: String

    @Argument(help: "Its arguments, in order.")
    var arguments: [String] = []

    @Flag(help: "Keep the links that the console sends with everything.")
    var links = false

    @Flag(help: "Print a secret that the operation answers, such as a new two-factor seed, in clear.")
    var reveal = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, environment: environment, defaultLevel: .warn)
        guard let operation = session.host.catalogue[operation] else {
            let near = self.operation.nearest(among: session.host.catalogue.operations.map(\.name))
            throw CommandError(
                "there is no operation '\(self.operation)'; "
                    + (near.map { "did you mean '\($0)'?" } ?? "'runbook operations' lists them"))
        }
        if case .secretMember = operation.result, operation.effect.isChange, !reveal {
            throw CommandError(
                "\(operation.name) answers a new secret that would be lost: add --reveal to print it. Nothing was sent")
        }
        let reader = ArgumentReader(operation: operation, environment: environment, mayAsk: !options.noInput)
        var passed = try reader.read(arguments)
        if links {
            let places = operation.convention == .named ? 1 : operation.parameters.count
            passed += Array(repeating: .null, count: max(0, places - passed.count)) + [["links": true]]
        }
        // A runbook of one line: whatever is true of a run's calls is true of this one.
        let script = """
            runbook { needs = { "\(operation.capability)"\(reveal ? ", \"secrets:reveal\"" : "") }, params = { args = { type = "array" }, count = { type = "integer" } } }
            local result = \(operation.name)(table.unpack(params.args, 1, params.count))
            return \(reveal ? "type(result) == \"userdata\" and secrets.reveal(result) or result" : "result")
            """
        let launch = Launch(session: session, options: options, yes: false, environment: environment)
        var runOptions = launch.runOptions([
            "args": .value(.array(passed)), "count": .value(.integer(Int64(passed.count))),
        ])
        runOptions.observer = nil
        runOptions.isTyped = true
        let outcome = await launch.outcome(
            of: session.host.start(Runbook(name: "call", source: script), options: runOptions))
        let failure = session.transport.failure
        await launch.close()
        if let failure { throw failure }
        if options.json {
            StandardStream.output.write(outcome.json.text + "\n")
        } else if outcome.status == .succeeded {
            StandardStream.output.write(RunReport.text(of: outcome.result) + "\n")
        }
        if let error = outcome.error { session.terminal.write(line: "runbook: \(error.message.shown)") }
        let isArgument = outcome.error?.kind == APIError.Kind.invalidArgument.rawValue
        let status = isArgument ? ExitStatus.usage : RunReport.exitStatus(outcome)
        if status != .success { throw status.exitCode }
    }
}
