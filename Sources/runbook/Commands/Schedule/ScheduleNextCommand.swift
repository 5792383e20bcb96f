import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule next NAME|--cron …`.
struct ScheduleNextCommand: LoopCommand {
    private static let most = 10_000

    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "Tell when a schedule, or an expression, comes next.",
        discussion: """
            A note says where the clocks change. Nothing is written.

              runbook schedule next nightly
              runbook schedule next --cron '30 2 * * *' --from 2027-03-27 --count 3
            """)

    @Argument(
        help: "A schedule's name; or give --cron, --every or --at.", completion: WordCompletion.schedules)
    var name: String?

    @OptionGroup var when: TriggerFlags

    @Option(help: ArgumentHelp("After this time, local to the zone. Default: now.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("So many.", valueName: "n"))
    var count = 5

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (name == nil) == (when.text != nil) else {
            throw ValidationError("Name a schedule, or give one of --cron, --every and --at.")
        }
        if name != nil, when.tz != nil {
            throw ValidationError("A schedule has its own zone: --tz goes with --cron, --every and --at.")
        }
        guard (1...Self.most).contains(count) else {
            throw ValidationError("--count must be from 1 to \(Self.most), not \(count)")
        }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        var schedule: Schedule?
        if let name { schedule = try await desk.present(name).schedule }
        let zone: TimeZoneRules
        let after: Int64
        let times: ScheduleTimes
        do throws(ScheduleFault) {
            zone = try desk.zones.zone(named: schedule?.zone ?? when.tz ?? desk.zones.local())
            after =
                try from.map { text throws(ScheduleFault) in try InstantText.read(text, zone: zone) * 1_000 }
                ?? desk.book.now
            times =
                if let schedule {
                    try ScheduleTimes(of: schedule, zones: desk.zones)
                } else {
                    ScheduleTimes(try Trigger(when.text ?? "", zone: zone), zone: zone, anchor: after)
                }
        } catch { throw ScheduleDesk.error(error) }
        let firings = times.firings(after: after, count: count)
        if options.json {
            StandardStream.output.write(FiringTable.json(firings).text + "\n")
        } else if firings.isEmpty {
            let moment = Moment.local(after, in: zone)
            StandardStream.error.write("\(schedule?.name ?? times.trigger.text) never comes again after \(moment)\n")
        } else {
            let style = ScreenStyle(options: options, environment: environment)
            StandardStream.output.write(FiringTable(firings: firings, zone: zone).text(style))
        }
        if let schedule { note(schedule, desk) }
    }

    /// What the times alone do not tell.
    private func note(_ schedule: Schedule, _ desk: ScheduleDesk) {
        if schedule.phase == .paused {
            desk.terminal.write(line: "runbook: \(schedule.name) is paused, and these are skipped until it is resumed")
        }
        if schedule.jitter > 0 {
            desk.terminal.write(
                line: "runbook: each starts up to \(Duration.milliseconds(schedule.jitter).readable) later")
        }
    }
}
