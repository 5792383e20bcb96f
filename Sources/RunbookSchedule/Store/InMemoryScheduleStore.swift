public import RunbookHost
internal import Synchronization

/// A store of schedules that ends with the program: for programs that embed the scheduler and keep nothing, and for tests.
///
/// It keeps to the same rules as one on a disk.
public final class InMemoryScheduleStore: ScheduleStore {
    private struct Kept {
        var schedule: Schedule
        var slots: [Int64: Slot] = [:]
        /// The planned times of the slots that have no fate, in order.
        var open: [Int64] = []
        /// Counts the schedules: of two that are due at once the older one comes first.
        let number: Int

        var entry: ScheduleEntry { ScheduleEntry(schedule, open: open.compactMap { slots[$0] }) }

        mutating func put(_ slot: Slot) {
            slots[slot.planned] = slot
            let place = open.firstPlace { $0 < slot.planned }
            let isThere = place < open.count && open[place] == slot.planned
            if isThere == !slot.state.isEnd { return }
            if isThere { open.remove(at: place) } else { open.insert(slot.planned, at: place) }
        }
    }

    /// What is due when, in order.
    private struct Agenda {
        private struct Place {
            let time: Int64
            let number: Int
            let id: String
        }

        private var places: [Place] = []

        var earliest: Int64? { places.first?.time }

        func due(by time: Int64, limit: Int) -> [String] {
            places.prefix(max(0, limit)).prefix { $0.time <= time }.map(\.id)
        }

        func later(than time: Int64, limit: Int) -> [String] {
            places.suffix(max(0, limit)).reversed().prefix { $0.time > time }.map(\.id)
        }

        mutating func move(_ id: String, number: Int, from old: Int64?, to new: Int64?) {
            guard old != new else { return }
            if let old { places.remove(at: index(of: old, number)) }
            if let new { places.insert(Place(time: new, number: number, id: id), at: index(of: new, number)) }
        }

        private func index(of time: Int64, _ number: Int) -> Int {
            places.firstPlace { ($0.time, $0.number) < (time, number) }
        }
    }

    private struct State {
        var kept: [String: Kept] = [:]
        /// The ids of those that are not removed, by their names: a name is what its bytes are.
        var names: [[UInt8]: String] = [:]
        var next = Agenda()
        var ready = Agenda()
        var ahead = Agenda()
        /// How many running slots of which schedule a carrier has.
        var carried: [String: [String: Int]] = [:]
        var counts: [Slot.State: Int] = [:]
        var carriers: [String: Carrier] = [:]
        /// The ids of all carriers that ever were.
        var carrierIDs: Set<String> = []
        /// In the order in which they came.
        var notices: [Notice] = []

        func entries(_ ids: some Sequence<String>) -> [ScheduleEntry] { ids.compactMap { kept[$0]?.entry } }

        /// Writes a step, or nothing of it.
        mutating func write(_ step: ScheduleStep) -> Bool {
            let id = step.schedule.id
            let old = kept[id]?.schedule
            guard (old?.revision ?? 0) == step.schedule.revision, isNameFree(for: step.schedule), mayReplace(step)
            else { return false }
            replace(old, by: step.schedule)
            if let reopening = step.reopening {
                forgetSlots(of: id) { ScheduleStoreRules.reopens($0.state, planned: $0.planned, from: reopening) }
            }
            for slot in step.slots { put(slot) }
            for notice in step.notices where !notices.contains(where: { $0.id == notice.id }) {
                notices.append(notice)
            }
            return true
        }

        private func isNameFree(for schedule: Schedule) -> Bool {
            let owner = schedule.phase == .removed ? nil : names[Array(schedule.name.utf8)]
            return owner == nil || owner == schedule.id
        }

        private func mayReplace(_ step: ScheduleStep) -> Bool {
            guard let slots = kept[step.schedule.id]?.slots else { return true }
            return step.slots.allSatisfy { new in
                guard let old = slots[new.planned]?.state else { return true }
                return ScheduleStoreRules.may(old, become: new.state)
                    || ScheduleStoreRules.reopens(old, planned: new.planned, from: step.reopening)
            }
        }

        private mutating func replace(_ old: Schedule?, by schedule: Schedule) {
            let id = schedule.id
            let number = kept[id]?.number ?? kept.count
            if let old, old.phase != .removed { names[Array(old.name.utf8)] = nil }
            if schedule.phase != .removed { names[Array(schedule.name.utf8)] = id }
            next.move(id, number: number, from: old.flatMap(Self.next), to: Self.next(of: schedule))
            ready.move(id, number: number, from: old?.ready, to: schedule.ready)
            ahead.move(id, number: number, from: old.flatMap(Self.cursor), to: Self.cursor(of: schedule))
            if let old, old.phase != schedule.phase {
                for slot in kept[id]?.slots.values ?? [Int64: Slot]().values {
                    count(slot, of: old.phase, by: -1)
                    count(slot, of: schedule.phase, by: 1)
                }
            }
            kept[id, default: Kept(schedule: schedule, number: number)].schedule = schedule
            kept[id]?.schedule.revision += 1
        }

        private static func next(of schedule: Schedule) -> Int64? {
            schedule.phase == .removed ? nil : schedule.next
        }

        private static func cursor(of schedule: Schedule) -> Int64? {
            schedule.phase == .removed ? nil : schedule.cursor
        }

        private mutating func put(_ slot: Slot) {
            let phase = kept[slot.schedule]?.schedule.phase ?? .removed
            if let old = kept[slot.schedule]?.slots[slot.planned] {
                count(old, of: phase, by: -1)
                carry(old, by: -1)
            }
            kept[slot.schedule]?.put(slot)
            count(slot, of: phase, by: 1)
            carry(slot, by: 1)
        }

        private mutating func count(_ slot: Slot, of phase: SchedulePhase, by change: Int) {
            if ScheduleStoreRules.counts(slotsOf: phase) { counts[slot.state, default: 0] += change }
        }

        private mutating func carry(_ slot: Slot, by change: Int) {
            guard slot.state == .running, let carrier = slot.carrier else { return }
            let count = (carried[carrier]?[slot.schedule] ?? 0) + change
            carried[carrier, default: [:]][slot.schedule] = count == 0 ? nil : count
            if carried[carrier]?.isEmpty == true { carried[carrier] = nil }
        }

        /// Forgets slots that have their fate.
        @discardableResult
        mutating func forgetSlots(of id: String, where isForgotten: (Slot) -> Bool) -> Int {
            guard let found = kept[id]?.slots.values.filter(isForgotten) else { return 0 }
            for slot in found {
                kept[id]?.slots[slot.planned] = nil
                count(slot, of: kept[id]?.schedule.phase ?? .removed, by: -1)
            }
            return found.count
        }
    }

    private let runs: InMemoryStore
    private let state = Mutex(State())

    /// An empty store.
    ///
    /// - Parameter runs: has the audit log. Default: one of its own.
    public init(runs: InMemoryStore = InMemoryStore()) { self.runs = runs }

    // MARK: Schedules

    /// See ``ScheduleStore``.
    public func commit(_ steps: [ScheduleStep], isDurable: Bool) async throws(StoreError) -> [Bool] {
        try ScheduleStoreRules.check(steps)
        let written = state.withLock { state in steps.map { state.write($0) } }
        let lines = zip(steps, written).flatMap { $1 ? $0.audit : [] }
        if !lines.isEmpty { try await runs.audit(lines) }
        return written
    }

    /// See ``ScheduleStore``.
    public func entry(named name: String) async throws(StoreError) -> ScheduleEntry? {
        state.withLock { state in state.names[Array(name.utf8)].flatMap { state.kept[$0]?.entry } }
    }

    /// See ``ScheduleStore``.
    public func entry(id: String) async throws(StoreError) -> ScheduleEntry? {
        state.withLock { $0.kept[id]?.entry }
    }

    /// See ``ScheduleStore``.
    public func entries() async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { state in
            state.entries(state.names.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value))
        }
    }

    /// See ``ScheduleStore``.
    public func entries(after name: String?, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { state in
            let found = state.names.filter { entry in name.map { $0.utf8.lexicographicallyPrecedes(entry.key) } ?? true
            }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return state.entries(found.prefix(max(0, limit)).map(\.value))
        }
    }

    /// See ``ScheduleStore``.
    public func due(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { $0.entries($0.next.due(by: unixMilliseconds, limit: limit)) }
    }

    /// See ``ScheduleStore``.
    public func ready(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { $0.entries($0.ready.due(by: unixMilliseconds, limit: limit)) }
    }

    /// See ``ScheduleStore``.
    public func ahead(of unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { $0.entries($0.ahead.later(than: unixMilliseconds, limit: limit)) }
    }

    /// See ``ScheduleStore``.
    public func entries(carriedBy carrier: String) async throws(StoreError) -> [ScheduleEntry] {
        state.withLock { state in
            let found = (state.carried[carrier] ?? [:]).keys.compactMap { state.kept[$0] }
            return found.sorted { $0.number < $1.number }.map(\.entry)
        }
    }

    /// See ``ScheduleStore``.
    public func earliest() async throws(StoreError) -> (next: Int64?, ready: Int64?) {
        state.withLock { ($0.next.earliest, $0.ready.earliest) }
    }

    // MARK: Slots

    /// See ``ScheduleStore``.
    public func slots(
        of schedule: String, before planned: Int64?, states: Set<Slot.State>, limit: Int
    ) async throws(StoreError) -> [Slot] {
        state.withLock { state in
            let found = (state.kept[schedule]?.slots ?? [:]).values.filter { slot in
                planned.map { slot.planned < $0 } ?? true && (states.isEmpty || states.contains(slot.state))
            }
            return Array(found.sorted { $0.planned > $1.planned }.prefix(max(0, limit)))
        }
    }

    /// See ``ScheduleStore``.
    public func counts() async throws(StoreError) -> [Slot.State: Int] {
        state.withLock { $0.counts.filter { $0.value != 0 } }
    }

    /// See ``ScheduleStore``.
    public func forgetSlots(endedBefore unixMilliseconds: Int64) async throws(StoreError) -> Int {
        state.withLock { state in
            Array(state.kept.keys).reduce(0) { count, id in
                count
                    + state.forgetSlots(of: id) { ScheduleStoreRules.isForgotten($0, endedBefore: unixMilliseconds) }
            }
        }
    }

    // MARK: Carriers

    /// See ``ScheduleStore``.
    public func add(_ carrier: Carrier) async throws(StoreError) {
        let isNew = state.withLock { state in
            guard state.carrierIDs.insert(carrier.id).inserted else { return false }
            state.carriers[carrier.id] = carrier
            return true
        }
        guard isNew else { throw ScheduleStoreRules.isKnown(carrier: carrier.id) }
    }

    /// See ``ScheduleStore``.
    public func beat(_ carrier: String) async throws(StoreError) -> Bool {
        state.withLock { state in
            state.carriers[carrier]?.beats += 1
            return state.carriers[carrier] != nil
        }
    }

    /// See ``ScheduleStore``.
    public func carriers() async throws(StoreError) -> [Carrier] {
        state.withLock { $0.carriers.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) } }
    }

    /// See ``ScheduleStore``.
    public func remove(carrier: String) async throws(StoreError) {
        state.withLock { $0.carriers[carrier] = nil }
    }

    // MARK: Notices

    /// See ``ScheduleStore``.
    public func notices(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [Notice] {
        state.withLock { state in
            let found = state.notices.enumerated().filter { $0.element.due <= unixMilliseconds }
                .sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
            return found.prefix(max(0, limit)).map(\.element)
        }
    }

    /// See ``ScheduleStore``.
    public func take(_ notice: Notice, until unixMilliseconds: Int64) async throws(StoreError) -> Bool {
        state.withLock { state in
            guard let place = state.notices.firstIndex(where: { $0.id == notice.id && $0.due == notice.due }) else {
                return false
            }
            state.notices[place].due = unixMilliseconds
            state.notices[place].attempts += 1
            return true
        }
    }

    /// See ``ScheduleStore``.
    public func remove(notice: String) async throws(StoreError) {
        state.withLock { $0.notices.removeAll { $0.id == notice } }
    }
}

extension Array {
    /// The place of the first element of a sorted array that is not before something.
    fileprivate func firstPlace(after isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
