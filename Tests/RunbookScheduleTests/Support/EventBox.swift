import RunbookSchedule
import Synchronization

/// Collects what a scheduler says.
final class EventBox: Sendable {
    private let events = Mutex<[SchedulerEvent]>([])
    private let signs = Atomic(0)

    /// How often it has shown that it lives.
    var looks: Int { signs.load(ordering: .relaxed) }

    func add(_ event: SchedulerEvent) {
        if case .looked = event { signs.wrappingAdd(1, ordering: .relaxed) }
        events.withLock { $0.append(event) }
    }
    func take() -> [SchedulerEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}

extension [SchedulerEvent] {
    /// What was said, in words.
    var names: [String] {
        compactMap { event in
            switch event {
            case .started(let order): order.takesUp ? "taken up" : "started"
            case .ended(_, _, let slot): slot == nil ? "ended elsewhere" : "ended"
            case .decided(_, let slot): "decided \(slot.state.rawValue)"
            case .adopted(_, let slots): "adopted \(slots)"
            case .storeFailed: "store failed"
            case .storeRecovered: "store recovered"
            case .unreadable: "unreadable"
            case .clockJumped(let jump): "jumped \(jump)"
            case .slept(let time): "slept \(time)"
            case .givenUp: "given up"
            case .looked: nil
            }
        }
    }
}
