import RunbookHost
import Synchronization

@testable import RunbookSchedule

/// One process with a scheduler whose looks the test makes itself.
final class Station: Sendable {
    let scheduler: Scheduler
    let store: FaultyStore
    private let box = EventBox()

    init(
        _ process: Int32, _ shared: any ScheduleStore, _ clock: ManualClock,
        settings: SchedulerSettings = SchedulerSettings(), runner: any SlotRunner = PretendedRunner(),
        isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in nil }
    ) {
        let generator = Mutex(SeededRandom(seed: UInt64(process)))
        store = FaultyStore(shared)
        scheduler = Scheduler(
            store: store, runner: runner, owner: .sample(process), zones: sharedZones, clock: clock,
            settings: settings, random: { generator.withLock { $0.next() } }, isAlive: isAlive,
            observer: { [box] in box.add($0) })
    }

    /// How often the scheduler has shown that it lives.
    var looks: Int { box.looks }

    /// What the scheduler has said since the last time.
    func said() -> [SchedulerEvent] { box.take() }

    /// Looks until nothing is due any more.
    ///
    /// - Returns: what was started.
    @discardableResult
    func look() async -> [SlotOrder] { await lookOnce().orders }

    /// Looks until nothing is due any more, and says when to look again.
    func lookOnce() async -> (orders: [SlotOrder], pause: Int64?) {
        var orders: [SlotOrder] = []
        for _ in 0..<1_000 {
            let pause = await scheduler.look { orders.append($0) }
            if pause != 0 { return (orders, pause) }
        }
        return (orders, 0)
    }

    func succeed(_ order: SlotOrder) async {
        await scheduler.end(order, .ended(.succeeded, message: "", canBeTakenUp: false))
    }
}
