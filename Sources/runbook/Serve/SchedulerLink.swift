import RunbookHost
import RunbookSchedule
import RunbookStore
import Synchronization

/// Lets runs ask their scheduler which processes still carry runs: both need the other to be made.
final class SchedulerLink: Sendable {
    private let scheduler = Mutex<Scheduler?>(nil)

    /// Tells of the scheduler, once there is one.
    func connect(_ scheduler: Scheduler) { self.scheduler.withLock { $0 = scheduler } }

    /// Whether a process carries runs; `nil` if that cannot be told from here. One that is stopped lives, and carries none.
    func carriesRuns(_ owner: RunOwner) -> Bool? {
        guard let scheduler = scheduler.withLock({ $0 }) else { return owner.isAlive }
        return scheduler.carriesRuns(owner)
    }
}
