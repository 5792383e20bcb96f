import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookStore
import SharedLoop

/// `runbook decide RUN CALL --sent|--not-sent`.
struct DecideCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Say what became of a call whose outcome is unknown.",
        discussion: """
            Look at the server first. A call that was carried out is not sent again, and the script gets what --value says; one \
            that was not is sent when the run is resumed.

              runbook decide last 12 --not-sent
              runbook decide last 12 --sent --value 4711
              runbook decide last 12 --sent --value file:seed.txt
            """)

    @Argument(
        help: ArgumentHelp("The run's id, a beginning of it that no other has, or 'last'.", valueName: "run"),
        completion: WordCompletion.undecidedRuns)
    var run: String

    @Argument(help: "The call's number, as 'runbook show RUN --calls' lists it.")
    var call: UInt32

    @Flag(help: "The server has carried it out.")
    var sent = false

    @Flag(name: .customLong("not-sent"), help: "The server has not carried it out.")
    var notSent = false

    @Option(
        help: ArgumentHelp(
            "What the call answered, as JSON; of a secret such as a two-factor seed \(SecretInput.ways). Default: nothing.",
            valueName: "json"))
    var value: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if sent == notSent { throw ValidationError("Say --sent or --not-sent.") }
        if notSent, value != nil { throw ValidationError("What was not sent has no --value.") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, environment: environment)
        let record = try await session.state.run(run)
        let answer = try await answer(record, session, environment)
        do throws(ResumeError) {
            try await session.host.decide(
                run: record.id, call: call, wasSent: sent, value: answer, actor: Actor.name(environment: environment))
        } catch { throw ResumeCommand.error(error) }
        if options.json {
            let said: JSONValue = [
                "run": .string(record.id), "call": .integer(Int64(call)), "decision": sent ? "sent" : "not_sent",
            ]
            StandardStream.output.write(said.text + "\n")
        } else {
            session.terminal.write(line: "runbook: noted; go on with: runbook resume \(record.id)")
        }
    }

    /// What the script gets of the call, by what its operation answers.
    private func answer(
        _ record: RunRecord, _ session: Session, _ environment: [String: String]
    ) async throws -> JSONValue {
        guard let value else { return .null }
        let rows = try await session.state.store.journal(of: record.id, after: 0, limit: .max)
        let name = rows.first { $0.kind == .intent && $0.call == call }?.name ?? ""
        if case .secretMember? = session.host.catalogue[name]?.result {
            return .secret(
                try SecretInput.read(
                    value, name: "the answer of \(name)", environment: environment, mayAsk: !options.noInput))
        }
        guard let json = try? JSONValue(parsing: value) else {
            // Not repeated: it may be a secret that belongs to another call.
            throw CommandError("--value is not JSON: write it such as 4711 or '{\"id\": 4711}'")
        }
        return json
    }
}
