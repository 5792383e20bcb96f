import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

/// One schedule, with a store of its own that keeps to what stores keep to, and a clock that the test sets.
struct RuleBench {
    private(set) var schedule: Schedule
    /// All slots, by their planned time.
    private(set) var rows: [Int64: Slot] = [:]
    private(set) var notices: [Notice] = []
    private(set) var audit: [AuditEvent] = []
    /// How many rows the last step had.
    private(set) var lastRows = 0
    var now: Int64
    var awakeSince: Int64
    var isThere: (String) -> Bool = { _ in true }
    private var ids = 0

    init(_ schedule: Schedule) {
        self.schedule = schedule
        now = schedule.created
        awakeSince = schedule.created
        turn { $0.beginAnew($1) }
    }

    var entry: ScheduleEntry {
        ScheduleEntry(schedule, open: rows.values.filter { !$0.state.isEnd }.sorted { $0.planned < $1.planned })
    }

    /// Those that stand so, by when they were planned, in minutes after noon.
    func minutes(_ state: Slot.State) -> [Int64] {
        rows.values.filter { $0.state == state }.map { ($0.planned - noon) / minute }.sorted()
    }

    /// Times by their minutes after noon.
    static func times(_ minutes: Int64...) -> [Int64] { minutes.map { noon + $0 * minute } }

    /// What of orders was planned when, in minutes after noon.
    static func minutes(_ orders: [SlotOrder]) -> [Int64] { orders.map { ($0.slot.planned - noon) / minute } }

    func slot(_ minutes: Int64) -> Slot? { rows[noon + minutes * minute] }

    func notices(_ kind: Notice.Kind) -> [Notice] { notices.filter { $0.kind == kind } }

    /// Makes a turn and writes what comes of it.
    @discardableResult
    mutating func turn(_ body: (inout ScheduleTurn, ScheduleTimes) -> Void) -> [SlotOrder] {
        guard let times = try? ScheduleTimes(of: schedule, zones: sharedZones) else {
            Issue.record("the schedule cannot be planned")
            return []
        }
        let start = ids
        // A turn is a value and may be asked twice for its step: ids need not be without gaps, but must differ.
        let counter = Counter(start)
        var turn = ScheduleTurn(entry, times: times, now: now, makeID: { "id\(counter.next())" })
        body(&turn, times)
        let step = turn.step
        ids = counter.value
        guard let step else { return turn.orders }
        lastRows = step.slots.count
        if let reopening = step.reopening {
            rows = rows.filter { !($0.key >= reopening && [.skipped, .missed].contains($0.value.state)) }
        }
        for slot in step.slots {
            if let old = rows[slot.planned], old.state.isEnd {
                Issue.record("the fate of \(slot.planned) was changed from \(old.state) to \(slot.state)")
            }
            rows[slot.planned] = slot
        }
        schedule = step.schedule
        schedule.revision += 1
        notices += step.notices
        audit += step.audit
        checkReady()
        return turn.orders
    }

    /// Nothing that waits may be without a time at which somebody looks at it.
    private func checkReady() {
        let open = entry.open
        let dues = open.map(\.due).filter { $0 != Slot.held }
        #expect(schedule.ready == dues.min())
        let isHeld = open.contains { $0.due == Slot.held }
        #expect(!isHeld || !dues.isEmpty, "a slot is held, and nothing is there whose end would let it go")
    }

    /// Looks as a scheduler does, until nothing more is due.
    @discardableResult
    mutating func look(at moment: Int64? = nil, carrier: String = "c", capacity: Int = 100) -> [SlotOrder] {
        if let moment { now = moment }
        var capacity = capacity
        var orders: [SlotOrder] = []
        let (now, awakeSince, isThere) = (now, awakeSince, isThere)
        var looks = 0
        while schedule.next.map({ $0 <= now }) ?? false, looks < 10_000 {
            looks += 1
            orders += turn { turn, _ in
                turn.settle(awakeSince: awakeSince)
                turn.start(carrier: carrier, capacity: &capacity, awakeSince: awakeSince, isThere: isThere)
            }
        }
        while capacity > 0, schedule.ready.map({ $0 <= now }) ?? false, looks < 10_000 {
            looks += 1
            orders += turn { turn, _ in
                turn.start(carrier: carrier, capacity: &capacity, awakeSince: awakeSince, isThere: isThere)
            }
        }
        #expect(looks < 10_000, "the schedule is due again and again, and nothing comes of it")
        return orders
    }

    mutating func end(_ order: SlotOrder, _ result: SlotResult) { turn { turn, _ in turn.end(order, result) } }

    mutating func succeed(_ order: SlotOrder) { end(order, .ended(.succeeded, message: "", canBeTakenUp: false)) }

    mutating func fail(_ order: SlotOrder, canBeTakenUp: Bool = false) {
        end(order, .ended(.failed, message: "no luck", canBeTakenUp: canBeTakenUp))
    }
}

/// Counts.
final class Counter {
    private(set) var value: Int
    init(_ value: Int = 0) { self.value = value }
    func next() -> Int {
        value += 1
        return value
    }
}
