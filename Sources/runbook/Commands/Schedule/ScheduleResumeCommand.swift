import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule resume NAME`.
struct ScheduleResumeCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused schedule run again, from now on.",
        discussion: """
            A schedule that follows its file stops when the file needs more than was agreed to. With --approve you are shown what \
            that is, and asked.

              runbook schedule resume nightly
              runbook schedule resume nightly --approve
            """)

    @Argument(help: "Its name.", completion: WordCompletion.schedules)
    var name: String

    @Flag(help: "Agree to what its file needs now.")
    var approve = false

    @Flag(name: .shortAndLong, help: "Ask nothing.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        var desk = try ScheduleDesk(options, environment: environment)
        let schedule = try await desk.present(name).schedule
        guard schedule.follows else {
            guard !approve else {
                throw CommandError(
                    "'\(schedule.name)' runs the source that was there when it was added, so that there is nothing to approve: "
                        + "leave --approve away, or pin the file anew with 'runbook schedule edit \(schedule.name) --repin'"
                )
            }
            if desk.configuration.policy.signatures.isRequired(isScheduled: true) {
                let sealer = try StateKey(desk.configuration).sealer(warn: desk.warn)
                try ScheduledRunbook.checkSignature(
                    of: try Self.source(schedule, sealer).runbook(named: schedule.runbook), desk.configuration)
            }
            return try await resume(schedule, desk, environment)
        }
        let session = try Session(options, loop: loop, environment: environment, defaultLevel: .error)
        desk = ScheduleDesk(session, environment: environment)
        guard let journaling = session.host.journaling else { return }
        let source = try Self.source(schedule, journaling.sealer)
        let file = try await ScheduledRunbook(
            try RunbookFile.read(path: schedule.runbook), parameters: source.parameters, session)
        file.warnings(session.configuration).forEach(desk.warn)
        let agreed = Set(schedule.capabilities)
        let added = file.manifest.needs.filter { !agreed.contains($0) }.map(\.rawValue.shown)
        guard !added.isEmpty else { return try await resume(schedule, desk, environment) }
        guard approve else {
            throw CommandError(
                "\(schedule.runbook.shown) needs more than was agreed to: \(added.joined(separator: ", ")). Look at it, then "
                    + "'runbook schedule resume \(schedule.name) --approve'", code: .stopped)
        }
        try ask(added, schedule, desk)
        try await resume(schedule, desk, environment, file)
    }

    private static func source(_ schedule: Schedule, _ sealer: Sealer) throws(CommandError) -> ScheduledSource {
        do throws(Sealer.OpenError) { return try ScheduledSource(of: schedule, sealer: sealer) } catch {
            throw CommandError(error.description.shown, code: .failed)
        }
    }

    private func ask(_ added: [String], _ schedule: Schedule, _ desk: ScheduleDesk) throws(CommandError) {
        desk.terminal.write(line: "\(schedule.runbook.shown) now needs, besides what was agreed to:")
        for capability in added { desk.terminal.write(line: "  + \(capability)") }
        guard !yes else { return }
        let question = "Let '\(schedule.name)' run it with that?"
        guard !options.noInput, let answer = Prompt.confirm(question) else {
            throw CommandError(
                "'\(schedule.name)' waits for somebody to agree, and nobody can be asked here: give --yes, or ask on a terminal"
            )
        }
        guard answer else {
            throw CommandError("nothing was changed: '\(schedule.name)' stays as it is", code: .stopped)
        }
    }

    private func resume(
        _ schedule: Schedule, _ desk: ScheduleDesk, _ environment: [String: String], _ file: ScheduledRunbook? = nil
    ) async throws {
        let resumed: Schedule
        do throws(ScheduleBook.Failure) {
            resumed = try await desk.book.resume(
                schedule.name, capabilities: file?.manifest.needs, sha256: file?.runbook.sha256, actor: desk.actor)
        } catch { throw ScheduleDesk.error(error) }
        let zone = desk.shownZone(of: resumed)
        let firings =
            (try? ScheduleTimes(of: resumed, zones: desk.zones))?.firings(after: desk.book.now, count: 3) ?? []
        if options.json {
            let document = ScheduleDocument(
                entry: ScheduleEntry(resumed), firings: firings, slots: [], zone: zone, now: desk.book.now)
            StandardStream.output.write(JSONValue.object(document.members).text + "\n")
        } else {
            let style = ScreenStyle(options: options, environment: environment)
            StandardStream.output.write(
                ScheduleReceipt(schedule: resumed, firings: firings, zones: desk.zones, zone: zone, style: style)
                    .resumed(wasPaused: schedule.phase == .paused || file != nil))
        }
        let daemons = try await desk.daemons()
        if daemons.isEmpty { desk.terminal.write(line: "runbook: \(daemons.text)") }
    }
}
