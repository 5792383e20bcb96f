import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule show NAME`.
struct ScheduleShowCommand: LoopCommand {
    /// So many of the next planned times are shown.
    private static let planned = 5

    /// So many runs are looked at for one that has applied a plan.
    private static let looked = 100

    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a schedule: what is set, what comes next, and what became of its slots.",
        discussion: """
            'runbook show RUN' shows what a slot's run has done.

              runbook schedule show nightly
              runbook schedule show nightly --limit 100 --json
            """)

    @Argument(
        help: "Its name, or its id; by its id also one that was removed.", completion: WordCompletion.schedules)
    var name: String

    @Option(help: ArgumentHelp("So many of its slots, the latest first; 0 for none.", valueName: "n"))
    var limit = 10

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must be 0 or more, not \(limit)") }
    }

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        let entry = try await desk.entry(name)
        let schedule = entry.schedule
        let now = desk.book.now
        let zone = desk.shownZone(of: schedule)
        // What went wrong last is worth a word, however few are listed.
        let slots = try await desk.slots(of: schedule, limit: max(limit, 10))
        var firings: [Firing] = []
        var fault: String?
        do throws(ScheduleFault) {
            let times = try ScheduleTimes(of: schedule, zones: desk.zones)
            if schedule.phase != .removed { firings = times.firings(after: now, count: Self.planned) }
        } catch { fault = error.message }
        let daemons = try await desk.daemons()
        let listed = Array(slots.prefix(limit))
        let advice = ScheduleAdvice.all(
            for: entry, slots: slots, hasDaemon: !daemons.isEmpty, plan: await plan(schedule, slots, desk), now: now)
        if options.json {
            var members = ScheduleDocument(entry: entry, firings: firings, slots: slots, zone: zone, now: now).members
            members["slots"] = ScheduleDocument(entry: entry, firings: [], slots: listed, zone: zone, now: now).slotList
            members["daemons"] = .integer(Int64(daemons.living.count))
            members["advice"] = .array(
                advice.map { ["reason": .string($0.reason), "command": .string($0.command)] })
            StandardStream.output.write(JSONValue.object(members).text + "\n")
        } else {
            let page = SchedulePage(
                entry: entry, firings: firings, fault: fault, slots: listed, advice: advice, zones: desk.zones,
                zone: zone, now: now,
                style: ScreenStyle(options: options, environment: environment))
            StandardStream.output.write(page.text)
        }
    }

    /// The plan that the last run has made, if it lists a change and can still be applied.
    private func plan(_ schedule: Schedule, _ slots: [Slot], _ desk: ScheduleDesk) async -> String? {
        guard schedule.planOnly, let slot = slots.first(where: { $0.state == .ran }), let run = slot.runs.last else {
            return nil
        }
        guard let record = try? await desk.state.run(run), let plan = SlotReport.plan(of: record),
            desk.book.now < (record.ended ?? record.began) + Plan.lifetime,
            let later = try? await desk.state.runs(RunFilter(runbook: record.runbook, limit: Self.looked)),
            !later.contains(where: { $0.plan == plan })
        else { return nil }
        return plan
    }
}
