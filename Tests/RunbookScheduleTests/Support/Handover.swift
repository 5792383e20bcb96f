import RunbookSchedule
import Synchronization

/// Takes what was started out of a closure.
final class Handover: Sendable {
    private let orders = Mutex<[SlotOrder]>([])
    func give(_ more: [SlotOrder]) { orders.withLock { $0 += more } }
    func take() -> [SlotOrder] {
        orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
    }
}
