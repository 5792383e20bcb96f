public import Operations

/// Something that the people behind a schedule want to be told. It stays in the store until it was, or could not be.
public struct Notice: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A slot ran and failed, also when it was tried again, or could not be started.
        case failed
        /// Slots were missed.
        case missed
        /// A slot was stopped by a limit or a denial, or the schedule stopped itself.
        case stopped
        /// A slot's run waits for a decision.
        case needsDecision = "needs-decision"
        /// A slot ran well, after one that did not.
        case recovered
    }

    /// Its id: a receiver that gets it twice knows it by that.
    public let id: String
    /// The schedule.
    public let schedule: String
    /// What happened.
    public let kind: Kind
    /// Who is told: a ``Hook``'s destination.
    public let destination: String
    /// When, milliseconds since 1970.
    public let unixMilliseconds: Int64
    /// Everything else, without any secret.
    public let members: [String: JSONValue]
    /// When it is to be told, or told again, milliseconds since 1970.
    public var due: Int64
    /// How often that was tried.
    public var attempts = 0

    /// A notice that is to be told at once.
    public init(
        id: String, schedule: String, kind: Kind, destination: String, unixMilliseconds: Int64,
        members: [String: JSONValue]
    ) {
        self.id = id
        self.schedule = schedule
        self.kind = kind
        self.destination = destination
        self.unixMilliseconds = unixMilliseconds
        self.members = members
        due = unixMilliseconds
    }
}
