import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule add NAME FILE|NAME`.
struct ScheduleAddCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a schedule.",
        discussion: """
            The runbook is checked and kept as it is now, with its parameters; a later change of the file changes nothing, unless \
            you say --follow. Its first slot is later than now. Only a daemon runs it: 'runbook serve'.

              runbook schedule add nightly ./unlock.lua --cron '0 3 * * *' --param role=ops
              runbook schedule add sweep ./sweep.lua --every 15m --jitter 30s
              runbook schedule add move ./move.lua --at 2026-12-01T22:00 --plan-only
            """)

    @Argument(help: "Its name: letters, digits, '-', '_' and '.'.")
    var name: String

    @Argument(
        help: ArgumentHelp("A path, or the name of a runbook that 'runbook list' shows.", valueName: "file|name"),
        completion: WordCompletion.runbooks)
    var runbook: String

    @OptionGroup var when: TriggerFlags

    @OptionGroup var flags: ScheduleFlags

    @OptionGroup var options: GlobalOptions

    func validate() throws { try when.require() }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, environment: environment, defaultLevel: .error)
        let desk = ScheduleDesk(session, environment: environment)
        let zone = try desk.zone(when.tz)
        let now = desk.book.now
        let trigger: Trigger
        do throws(ScheduleFault) { trigger = try Trigger(when.text ?? "", zone: zone) } catch {
            throw ScheduleDesk.error(error)
        }
        var schedule = Schedule(
            id: desk.book.makeID(), name: name, runbook: "", sha256: "", trigger: trigger.text, zone: zone.name,
            created: now)
        try flags.apply(
            to: &schedule, zone: zone, now: now, sources: session.configuration.sources, warn: desk.warn)
        schedule.follows = flags.follow ?? false
        schedule.target = session.configuration.isTargetAskedFor ? session.configuration.targetName : nil
        let scheduled = try await ScheduledRunbook(
            runbook, parameters: try RunCommand.parameters(flags.param), session)
        scheduled.warnings(session.configuration).forEach(desk.warn)
        guard let journaling = session.host.journaling else { return }
        scheduled.pin(to: &schedule, sealer: journaling.sealer)
        let added: Schedule
        do throws(ScheduleBook.Failure) { added = try await desk.book.add(schedule, actor: desk.actor) } catch {
            throw ScheduleDesk.error(error)
        }
        try await show(added, zone, desk, environment)
    }

    private func show(
        _ added: Schedule, _ zone: TimeZoneRules, _ desk: ScheduleDesk, _ environment: [String: String]
    ) async throws {
        let firings = (try? ScheduleTimes(of: added, zones: desk.zones))?.firings(after: desk.book.now, count: 3) ?? []
        if options.json {
            let document = ScheduleDocument(
                entry: ScheduleEntry(added), firings: firings, slots: [], zone: zone, now: desk.book.now)
            StandardStream.output.write(JSONValue.object(document.members).text + "\n")
        } else {
            let receipt = ScheduleReceipt(
                schedule: added, firings: firings, zones: desk.zones, zone: zone,
                style: ScreenStyle(options: options, environment: environment))
            StandardStream.output.write(
                receipt.added(isMachineZone: when.tz == nil, target: desk.configuration.targetName))
        }
        desk.terminal.write(line: "runbook: " + (try await desk.daemons().text))
    }
}
