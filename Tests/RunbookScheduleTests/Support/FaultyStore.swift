import RunbookHost
import Synchronization

@testable import RunbookSchedule

/// One process's way to a store, which can be down, end together with the process, or stop with it for a while.
final class FaultyStore: ScheduleStore {
    /// What happens to the process at a call.
    enum Mishap: Sendable {
        /// It is killed before the store has the call.
        case killedBefore
        /// It is killed after that, and does not learn of it.
        case killedAfter
        /// It is stopped before the store has the call, until it is told to go on.
        case stoppedBefore
        /// Something else happens first.
        case preceded(@Sendable () async -> Void)
    }

    private struct State {
        var isDown = false
        var isDead = false
        var calls = 0
        var mishaps: [Int: Mishap] = [:]
        var stopped: CheckedContinuation<Void, Never>?
        var watcher: (@Sendable () -> Void)?
    }

    private let store: any ScheduleStore
    private let state = Mutex(State())

    init(_ store: any ScheduleStore) { self.store = store }

    /// How many calls there were.
    var calls: Int { state.withLock(\.calls) }
    var isDead: Bool { state.withLock(\.isDead) }
    var isStopped: Bool { state.withLock { $0.stopped != nil } }

    func set(isDown: Bool) { state.withLock { $0.isDown = isDown } }
    func kill() { state.withLock { $0.isDead = true } }

    /// Lets something happen at a call from now on; the next one is 1.
    func plan(_ mishap: Mishap, at call: Int) { state.withLock { $0.mishaps[$0.calls + call] = mishap } }

    /// Lets nothing more happen.
    func planNothing() { state.withLock { $0.mishaps = [:] } }

    /// Is told when the process is stopped.
    func whenStopped(_ watcher: @escaping @Sendable () -> Void) { state.withLock { $0.watcher = watcher } }

    /// Lets a stopped process go on.
    func proceed() {
        let stopped = state.withLock { state in
            defer { state.stopped = nil }
            return state.stopped
        }
        stopped?.resume()
    }

    private func pass<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let mishap = state.withLock { state in
            state.calls += 1
            return state.mishaps.removeValue(forKey: state.calls)
        }
        switch mishap {
        case .killedBefore: kill()
        case .stoppedBefore:
            await withCheckedContinuation { continuation in
                let watcher = state.withLock { state in
                    state.stopped = continuation
                    return state.watcher
                }
                watcher?()
            }
        case .preceded(let action): await action()
        case .killedAfter, nil: break
        }
        try check()
        let value = try await body()
        if case .killedAfter? = mishap { kill() }
        try check()
        return value
    }

    private func check() throws(StoreError) {
        let (isDown, isDead) = state.withLock { ($0.isDown, $0.isDead) }
        if isDead { throw .unusable("the process is gone") }
        if isDown { throw .unusable("the database is locked") }
    }

    func commit(_ steps: [ScheduleStep], isDurable: Bool) async throws(StoreError) -> [Bool] {
        try await pass { () throws(StoreError) in try await store.commit(steps, isDurable: isDurable) }
    }
    func entry(named name: String) async throws(StoreError) -> ScheduleEntry? {
        try await pass { () throws(StoreError) in try await store.entry(named: name) }
    }
    func entry(id: String) async throws(StoreError) -> ScheduleEntry? {
        try await pass { () throws(StoreError) in try await store.entry(id: id) }
    }
    func entries() async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.entries() }
    }
    func entries(after name: String?, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.entries(after: name, limit: limit) }
    }
    func due(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.due(by: unixMilliseconds, limit: limit) }
    }
    func ready(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.ready(by: unixMilliseconds, limit: limit) }
    }
    func ahead(of unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.ahead(of: unixMilliseconds, limit: limit) }
    }
    func entries(carriedBy carrier: String) async throws(StoreError) -> [ScheduleEntry] {
        try await pass { () throws(StoreError) in try await store.entries(carriedBy: carrier) }
    }
    func earliest() async throws(StoreError) -> (next: Int64?, ready: Int64?) {
        try await pass { () throws(StoreError) in try await store.earliest() }
    }
    func slots(
        of schedule: String, before planned: Int64?, states: Set<Slot.State>, limit: Int
    ) async throws(StoreError) -> [Slot] {
        try await pass { () throws(StoreError) in
            try await store.slots(of: schedule, before: planned, states: states, limit: limit)
        }
    }
    func counts() async throws(StoreError) -> [Slot.State: Int] {
        try await pass { () throws(StoreError) in try await store.counts() }
    }
    func forgetSlots(endedBefore unixMilliseconds: Int64) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in try await store.forgetSlots(endedBefore: unixMilliseconds) }
    }
    func add(_ carrier: Carrier) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.add(carrier) }
    }
    func beat(_ carrier: String) async throws(StoreError) -> Bool {
        try await pass { () throws(StoreError) in try await store.beat(carrier) }
    }
    func carriers() async throws(StoreError) -> [Carrier] {
        try await pass { () throws(StoreError) in try await store.carriers() }
    }
    func remove(carrier: String) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.remove(carrier: carrier) }
    }
    func notices(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [Notice] {
        try await pass { () throws(StoreError) in try await store.notices(by: unixMilliseconds, limit: limit) }
    }
    func take(_ notice: Notice, until unixMilliseconds: Int64) async throws(StoreError) -> Bool {
        try await pass { () throws(StoreError) in try await store.take(notice, until: unixMilliseconds) }
    }
    func remove(notice: String) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.remove(notice: notice) }
    }
}
