public import RunbookHost

/// Where schedules and their slots are kept: in one place with the runs, so that several schedulers share both.
///
/// Several processes may use one store at once. Whatever is written is durable when the function returns, unless it says
/// otherwise.
public protocol ScheduleStore: Sendable {
    // MARK: Schedules

    /// Writes steps, each by itself: one is written if its schedule still has the revision that it was read with, which is
    /// raised by one.
    ///
    /// A step for a slot that has a row already replaces it; one whose schedule is new (revision 0) is refused if its name
    /// is taken.
    ///
    /// - Parameters:
    ///   - steps: what is written, in order.
    ///   - isDurable: whether it must be on the disk when it returns. What is not is never lost alone: what is written
    ///     later, of schedules or of runs, is lost with it.
    /// - Returns: for each step whether it was written; if not, somebody was quicker, and the schedule must be read anew.
    /// - Throws: `StoreError` if none was written.
    func commit(_ steps: [ScheduleStep], isDurable: Bool) async throws(StoreError) -> [Bool]

    /// The schedule of this name that is not removed; `nil` if there is none.
    func entry(named name: String) async throws(StoreError) -> ScheduleEntry?

    /// The schedule with this id, also if it is removed; `nil` if there is none.
    func entry(id: String) async throws(StoreError) -> ScheduleEntry?

    /// All schedules that are not removed, by name.
    func entries() async throws(StoreError) -> [ScheduleEntry]

    /// Schedules that are not removed and whose names come after this one, by name; so many at most.
    ///
    /// - Parameters:
    ///   - name: `nil` for the first.
    ///   - limit: 1 or more.
    func entries(after name: String?, limit: Int) async throws(StoreError) -> [ScheduleEntry]

    /// Schedules that are not removed and whose ``Schedule/next`` is no later than this, the earliest first; so many at
    /// most.
    func due(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry]

    /// Schedules whose ``Schedule/ready`` is no later than this, the earliest first; so many at most. Removed ones too, if
    /// they have a run that was left.
    func ready(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry]

    /// Schedules that are not removed and whose ``Schedule/cursor`` is later than this; so many at most.
    func ahead(of unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry]

    /// Schedules of which a carrier has a slot that runs.
    func entries(carriedBy carrier: String) async throws(StoreError) -> [ScheduleEntry]

    /// The earliest ``Schedule/next`` and ``Schedule/ready`` of all; `nil` where there is none.
    func earliest() async throws(StoreError) -> (next: Int64?, ready: Int64?)

    // MARK: Slots

    /// A schedule's slots that were planned before a moment, the latest first; so many at most.
    ///
    /// - Parameters:
    ///   - schedule: the schedule's id.
    ///   - planned: milliseconds since 1970; `nil` for all.
    ///   - states: only those that stand so; empty for all.
    ///   - limit: 1 or more.
    func slots(
        of schedule: String, before planned: Int64?, states: Set<Slot.State>, limit: Int
    ) async throws(StoreError) -> [Slot]

    /// How many slots there are in each state, of all schedules that are not removed.
    func counts() async throws(StoreError) -> [Slot.State: Int]

    /// Forgets the slots that got their fate before a moment.
    ///
    /// - Returns: how many.
    func forgetSlots(endedBefore unixMilliseconds: Int64) async throws(StoreError) -> Int

    // MARK: Carriers

    /// Adds a scheduler.
    func add(_ carrier: Carrier) async throws(StoreError)

    /// Counts one further.
    ///
    /// - Returns: whether it is still there; if not, somebody has given it up, or the store is another one.
    func beat(_ carrier: String) async throws(StoreError) -> Bool

    /// All that were not given up, in the order of their ids.
    func carriers() async throws(StoreError) -> [Carrier]

    /// Gives one up, or it leaves.
    func remove(carrier: String) async throws(StoreError)

    // MARK: Notices

    /// Notices that are to be told by this moment, the earliest first; so many at most.
    func notices(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [Notice]

    /// Takes a notice to tell it: nobody else gets it before `until`.
    ///
    /// - Returns: whether it is the caller's: it was due as this one was.
    func take(_ notice: Notice, until unixMilliseconds: Int64) async throws(StoreError) -> Bool

    /// Notes that a notice was told, or never will be.
    func remove(notice: String) async throws(StoreError)
}

extension ScheduleStore {
    /// Writes steps, which are on the disk when it returns.
    public func commit(_ steps: [ScheduleStep]) async throws(StoreError) -> [Bool] {
        try await commit(steps, isDurable: true)
    }
}
