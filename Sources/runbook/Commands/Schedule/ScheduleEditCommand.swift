import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule edit NAME`.
struct ScheduleEditCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change a schedule, from now on.",
        discussion: """
            Only what is given is changed; --notify replaces all who were told before. What was planned and has not begun is skipped, and nothing past is run.

              runbook schedule edit nightly --cron '0 4 * * *' --until never
              runbook schedule edit nightly --param role=ops --drop-param note
              runbook schedule edit nightly --repin
            """)

    @Argument(help: "Its name.", completion: WordCompletion.schedules)
    var name: String

    @OptionGroup var when: TriggerFlags

    @OptionGroup var flags: ScheduleFlags

    @Option(
        help: ArgumentHelp(
            "Run this one instead: a path, or the name of a runbook that 'runbook list' shows.",
            valueName: "file|name"), completion: WordCompletion.runbooks)
    var file: String?

    @Flag(help: "Take its file as it is now.")
    var repin = false

    @Option(help: ArgumentHelp("A parameter that is not given any more.", valueName: "name"))
    var dropParam: [String] = []

    @Flag(help: "Let the configuration choose the target.")
    var noTarget = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if noTarget, options.target != nil { throw ValidationError("Give --target or --no-target, not both.") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        var desk = try ScheduleDesk(options, environment: environment)
        let before = try await desk.present(name).schedule
        var edited = before
        try set(&edited, desk)
        if isAboutRunbook {
            let session = try Session(options, loop: loop, environment: environment, defaultLevel: .error)
            desk = ScheduleDesk(session, environment: environment)
            try await setRunbook(&edited, session, desk)
        }
        let differences = ScheduleFacts(before, zones: desk.zones).differences(
            to: ScheduleFacts(edited, zones: desk.zones))
        // A secret may come from the same place, and a zone's clocks show the same time.
        guard edited != before else {
            throw CommandError("nothing is to be changed: '\(before.name)' is like that already")
        }
        let changes = edited
        let after: Schedule
        do throws(ScheduleBook.Failure) {
            after = try await desk.book.edit(before.name, actor: desk.actor) { schedule throws(ScheduleFault) in
                // What somebody else has set meanwhile must not be lost.
                guard Self.isSame(schedule, before) else {
                    throw ScheduleFault(
                        "'\(before.name)' was changed by somebody else just now: look at it, and try again")
                }
                schedule = changes
            }
        } catch { throw ScheduleDesk.error(error) }
        try await show(after, differences, desk, environment)
    }

    // MARK: What is changed

    private var isAboutRunbook: Bool {
        file != nil || repin || flags.follow != nil || !flags.param.isEmpty || !dropParam.isEmpty
    }

    private func set(_ schedule: inout Schedule, _ desk: ScheduleDesk) throws(CommandError) {
        let zone = try desk.zone(when.tz ?? schedule.zone)
        schedule.zone = zone.name
        if let text = when.text {
            do throws(ScheduleFault) { schedule.trigger = try Trigger(text, zone: zone).text } catch {
                throw ScheduleDesk.error(error)
            }
        }
        try flags.apply(
            to: &schedule, zone: zone, now: desk.book.now, sources: desk.configuration.sources, warn: desk.warn)
        if noTarget { schedule.target = nil }
        if let target = options.target { schedule.target = target }
    }

    private func setRunbook(
        _ schedule: inout Schedule, _ session: Session, _ desk: ScheduleDesk
    ) async throws(CommandError) {
        guard let journaling = session.host.journaling else { return }
        let source: ScheduledSource
        do throws(Sealer.OpenError) { source = try ScheduledSource(of: schedule, sealer: journaling.sealer) } catch {
            throw CommandError(error.description.shown, code: .failed)
        }
        var inputs = source.parameters
        let given = try RunCommand.parameters(flags.param)
        for name in dropParam {
            guard inputs[name] != nil, given[name] == nil else {
                throw CommandError(
                    given[name] == nil
                        ? "--drop-param \(name.shown): '\(schedule.name)' has no such parameter"
                        : "--drop-param \(name.shown) and --param \(name.shown) contradict each other: give one of them"
                )
            }
            inputs[name] = nil
        }
        inputs.merge(given) { $1 }
        let takesFile = file != nil || repin || flags.follow != nil
        let scheduled: ScheduledRunbook
        if let file {
            scheduled = try await ScheduledRunbook(file, parameters: inputs, session)
        } else if takesFile || schedule.follows {
            scheduled = try await ScheduledRunbook(
                try RunbookFile.read(path: schedule.runbook), parameters: inputs, session)
        } else {
            scheduled = try await ScheduledRunbook(
                source.runbook(named: schedule.runbook), parameters: inputs, session)
        }
        scheduled.warnings(session.configuration).forEach(desk.warn)
        schedule.follows = flags.follow ?? schedule.follows
        if takesFile {
            scheduled.pin(to: &schedule, sealer: journaling.sealer)
        } else {
            // Whoever gives another parameter has not agreed to what a followed file may need by now.
            scheduled.takeParameters(to: &schedule, sealer: journaling.sealer)
        }
    }

    /// Whether what people may change is as it was; the scheduler's own marks may differ.
    private static func isSame(_ schedule: Schedule, _ before: Schedule) -> Bool {
        schedule.edited == before.edited && schedule.phase == before.phase && schedule.sealed == before.sealed
            && schedule.trigger == before.trigger
    }

    // MARK: What is shown

    private func show(
        _ after: Schedule, _ differences: [(name: String, before: String, after: String)], _ desk: ScheduleDesk,
        _ environment: [String: String]
    ) async throws {
        let zone = desk.shownZone(of: after)
        let firings = (try? ScheduleTimes(of: after, zones: desk.zones))?.firings(after: desk.book.now, count: 3) ?? []
        if options.json {
            var members = ScheduleDocument(
                entry: ScheduleEntry(after), firings: firings, slots: [], zone: zone, now: desk.book.now
            ).members
            members["changes"] = .array(
                differences.map {
                    ["field": .string($0.name), "before": .string($0.before), "after": .string($0.after)]
                })
            StandardStream.output.write(JSONValue.object(members).text + "\n")
        } else {
            let style = ScreenStyle(options: options, environment: environment)
            let receipt = ScheduleReceipt(
                schedule: after, firings: firings, zones: desk.zones, zone: zone, style: style)
            StandardStream.output.write(receipt.edited(differences))
        }
    }
}
