import RunbookHost
import RunbookSchedule
import RunbookStore

// The example of the article on RunbookSchedule. A test holds the two against each other.

func runSchedules(_ host: RunbookHost) async {
    let store = SQLiteStore(path: "/var/lib/runbook/runbook.db")
    let runner = HostRunner(
        hosts: { _ in ScheduledHost(host) },
        read: { path throws(ScheduleFault) in throw ScheduleFault("no file is followed here: \(path)") })
    let scheduler = Scheduler(store: store, runner: runner, owner: .current)
    await scheduler.run()
}
