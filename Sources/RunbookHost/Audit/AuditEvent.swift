public import Operations

/// Something that is to stand in the audit log. The store gives it its place when it writes it.
public struct AuditEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A run began.
        case runBegan = "run.began"
        /// A process took a run over.
        case runResumed = "run.resumed"
        /// A run was not taken over, since the source that it was to go on with is not signed as the policy demands. It can
        /// still be.
        case runRefused = "run.refused"
        /// A run ended, or waits for a decision.
        case runEnded = "run.ended"
        /// A change is about to be sent.
        case changeBegan = "change.began"
        /// A call has its outcome.
        case call
        /// A person decided what became of a call.
        case decision
        /// A plan was made.
        case planMade = "plan.made"
        /// A person added, edited, paused, resumed or removed a schedule.
        case scheduleChanged = "schedule.changed"
        /// A schedule's planned time was passed over on purpose.
        case slotSkipped = "slot.skipped"
        /// Planned times of a schedule went by with nobody there to run them.
        case slotsMissed = "slots.missed"
        /// A checkpoint of the log was signed and given away, or could not be.
        case checkpoint
    }

    /// What happened.
    public var kind: Kind
    /// When, milliseconds since 1970.
    public var unixMilliseconds: Int64
    /// Everything else, without any secret: see the documentation of the audit log for the members.
    public var members: [String: JSONValue]

    /// An event.
    public init(_ kind: Kind, unixMilliseconds: Int64, _ members: [String: JSONValue]) {
        self.kind = kind
        self.unixMilliseconds = unixMilliseconds
        self.members = members
    }
}
