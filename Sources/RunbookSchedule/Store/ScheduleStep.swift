public import RunbookHost

/// What is to be written of one schedule, all or nothing.
public struct ScheduleStep: Sendable, Hashable {
    /// The schedule as it becomes, with the revision that it was read with; 0 for a new one.
    public var schedule: Schedule
    /// Its new slots, and those that have changed.
    public var slots: [Slot]
    /// What is to be told.
    public var notices: [Notice]
    /// Lines for the audit log.
    public var audit: [AuditEvent]
    /// Slots from here on that were missed or skipped are forgotten first, milliseconds since 1970: a clock that was ahead has
    /// said so, and their time is still to come. Default: none.
    public var reopening: Int64?

    /// A step; see the members for the defaults.
    public init(
        _ schedule: Schedule, slots: [Slot] = [], notices: [Notice] = [], audit: [AuditEvent] = [],
        reopening: Int64? = nil
    ) {
        self.schedule = schedule
        self.slots = slots
        self.notices = notices
        self.audit = audit
        self.reopening = reopening
    }
}
