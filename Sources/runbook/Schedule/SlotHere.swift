import CommandSupport
import RunbookHost
import RunbookSchedule
import RunbookStore
import SharedLoop

/// Carries one slot in this program, where no daemon is there to do it.
struct SlotHere {
    let desk: ScheduleDesk
    let options: GlobalOptions
    let loop: SharedLoop

    /// Carries it to its end; Ctrl-C ends its run in order.
    func carry(_ planned: Int64, of schedule: Schedule) async throws(CommandError) {
        let link = SchedulerLink(), terminal = desk.terminal
        let targets = ScheduledTargets(
            desk.configuration, options: options, environment: desk.environment, terminal: terminal, state: desk.state,
            loop: loop, isUnconfined: false
        ) { journaling in journaling.isAlive = { link.carriesRuns($0) } }
        let runner = targets.runner { _, _ in
            if let problem = await targets.checkpoint() { terminal.write(line: "runbook: \(problem.shown)") }
        }
        let scheduler = Scheduler(
            store: desk.store, runner: runner, owner: .current, zones: desk.zones,
            settings: SchedulerSettings(drain: 0), isAlive: \.isAlive, only: (schedule.id, planned))
        link.connect(scheduler)
        let interruption = Interruption {
            terminal.write(
                line:
                    "runbook: stopping; changes in flight are waited for, and the next daemon goes on with the run. Press Ctrl-C "
                    + "again to leave at once.")
            Task { await scheduler.leave() }
        }
        await scheduler.run()
        interruption.end()
        await targets.shutdown()
    }
}
