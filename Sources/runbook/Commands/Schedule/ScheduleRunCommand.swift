import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop

/// `runbook schedule run NAME`.
struct ScheduleRunCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a schedule now.",
        discussion: """
            It is run as it would be at its time, also while it is paused, and its next slots stay as they are: by the daemon, or \
            here if none is there. The exit code is that of the run, as 'runbook run' has it. Ctrl-C ends the waiting for the \
            daemon, and not the run; a run that is carried here it ends in order, and the next daemon goes on with it.

              runbook schedule run nightly
              runbook schedule run nightly --no-wait
            """)

    @Argument(help: "Its name.", completion: WordCompletion.schedules)
    var name: String

    @Flag(help: "Do not wait for the end.")
    var noWait = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let desk = try ScheduleDesk(options, environment: environment)
        let schedule = try await desk.present(name).schedule
        let isAlone = try await desk.daemons().isEmpty
        guard !isAlone || !noWait else {
            throw CommandError(
                "no daemon is running that could run '\(schedule.name)' later: start 'runbook serve', or leave --no-wait out to run it "
                    + "here", code: .failed)
        }
        let planned: Int64
        do throws(ScheduleBook.Failure) {
            planned = try await desk.book.runNow(schedule.name, actor: desk.actor)
        } catch {
            let refusal = ScheduleDesk.error(error)
            throw CommandError(refusal.message, code: .failed)
        }
        let report = SlotReport(schedule: schedule, zone: desk.shownZone(of: schedule), options: options, desk: desk)
        guard !noWait else { return try await report.planned(planned) }
        if isAlone { try await SlotHere(desk: desk, options: options, loop: loop).carry(planned, of: schedule) }
        switch try await SlotWatch(desk: desk, schedule: schedule, planned: planned).end() {
        case .fate(let slot): try await report.ended(slot)
        case .left(let slot):
            let run = slot?.runs.last.map { ": 'runbook show \($0)' shows how it goes" } ?? ""
            desk.terminal.write(line: "runbook: not waiting any longer; the run goes on\(run)")
            throw ExitStatus.interrupted.exitCode
        case .deserted:
            throw CommandError(
                "the daemon is gone; the next one that is started takes the slot up: 'runbook schedule show \(schedule.name)' tells "
                    + "what became of it", code: .failed)
        }
    }
}
