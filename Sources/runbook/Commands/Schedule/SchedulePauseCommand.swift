import ArgumentParser
import CommandSupport
import Operations
import RunbookSchedule
import SharedLoop

/// `runbook schedule pause NAME`.
struct SchedulePauseCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let a schedule run nothing until it is resumed.",
        discussion: """
            What runs goes on. Its slots are skipped, and the list says so.

              runbook schedule pause nightly --reason 'migration until Friday'
            """)

    @Argument(help: "Its name.", completion: WordCompletion.schedules)
    var name: String

    @Option(help: ArgumentHelp("Why, for whoever wonders.", valueName: "text"))
    var reason = ""

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        let before = try await desk.present(name)
        guard before.schedule.phase == .active else {
            let why = before.schedule.pauseReason.isEmpty ? "" : ": \(before.schedule.pauseReason.shown)"
            desk.terminal.write(line: "runbook: \(before.schedule.name) is paused already\(why)")
            return show(before.schedule, desk)
        }
        let paused: Schedule
        do throws(ScheduleBook.Failure) {
            paused = try await desk.book.pause(before.schedule.name, reason: reason, actor: desk.actor)
        } catch { throw ScheduleDesk.error(error) }
        show(paused, desk)
        let running = ScheduleState(before).running
        if running > 0 {
            desk.terminal.write(line: "runbook: \(Wording.count(running, "slot")) of it still runs, to its end")
        }
    }

    private func show(_ schedule: Schedule, _ desk: ScheduleDesk) {
        if options.json {
            let document = ScheduleDocument(
                entry: ScheduleEntry(schedule), firings: [], slots: [], zone: desk.shownZone(of: schedule),
                now: desk.book.now)
            StandardStream.output.write(JSONValue.object(document.members).text + "\n")
        } else {
            StandardStream.output.write(
                "\(schedule.name) is paused: its slots are skipped until 'runbook schedule resume \(schedule.name)'\n")
        }
    }
}
