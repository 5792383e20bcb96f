/// A schedule with those of its slots that have no fate yet, the earliest first.
public struct ScheduleEntry: Sendable, Hashable {
    /// The schedule.
    public var schedule: Schedule
    /// Its open slots, in the order of their planned times.
    public var open: [Slot]

    /// A schedule with its open slots. Default: none.
    public init(_ schedule: Schedule, open: [Slot] = []) {
        self.schedule = schedule
        self.open = open
    }
}
