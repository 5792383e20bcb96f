import CommandSupport
import RunbookHost
import RunbookSchedule
import Synchronization

/// Waits until a slot has its fate.
struct SlotWatch {
    /// Why the waiting is over.
    enum End {
        /// It has its fate.
        case fate(Slot)
        /// The person does not want to wait any longer.
        case left(Slot?)
        /// The daemons that were there are gone.
        case deserted(Slot?)
    }

    /// How often it is looked at.
    private static let pause = Duration.milliseconds(200)
    /// It is looked at so often for each time that the daemons are.
    private static let looks = 10

    let desk: ScheduleDesk
    let schedule: Schedule
    /// The slot's planned time, milliseconds since 1970.
    let planned: Int64

    /// Waits; Ctrl-C ends the waiting, and not the run.
    func end() async throws -> End {
        let isLeft = Mutex(false)
        let interruption = Interruption { isLeft.withLock { $0 = true } }
        defer {
            interruption.end()
            desk.terminal.clearProgress()
        }
        let clock = SystemClock()
        let began = clock.monotonic()
        var looks = 0
        while true {
            let slot = try await slot()
            if let slot, slot.state.isEnd { return .fate(slot) }
            if isLeft.withLock({ $0 }) { return .left(slot) }
            if looks % Self.looks == Self.looks - 1, try await desk.daemons().isEmpty { return .deserted(slot) }
            looks += 1
            desk.terminal.show(progress: progress(slot, clock.monotonic() - began))
            try await clock.sleep(for: Self.pause)
        }
    }

    private func slot() async throws(CommandError) -> Slot? {
        do throws(StoreError) {
            return try await desk.store.slots(of: schedule.id, before: planned + 1, states: [], limit: 1)
                .first { $0.planned == planned }
        } catch { throw StateStore.error(error) }
    }

    private func progress(_ slot: Slot?, _ time: Duration) -> String {
        guard let slot else { return "" }
        let text = SlotText(slot: slot, zone: .utc, now: desk.book.now).state
        return "  \(schedule.name.shown): \(text)\(slot.runs.last.map { " (\($0.shown))" } ?? ""), \(time.readable)"
    }
}
