public import RunbookHost

/// One planned time of one schedule, and what became of it.
///
/// A schedule has one slot at most for each planned time, and a slot has one fate in the end: it ran, was skipped or was
/// missed.
public struct Slot: Sendable, Hashable {
    /// How a slot stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It is to be started at ``Slot/due``.
        case waiting
        /// Its run is under way.
        case running
        /// Whoever carried its run has left it; it is to be taken up at ``Slot/due``.
        case interrupted
        /// Its run has ended, or waits for a person: see ``Slot/outcome``.
        case ran
        /// It was not to be run: see ``Slot/reason``.
        case skipped
        /// Nobody was there to run it in time: see ``Slot/reason``.
        case missed

        /// Whether it has its fate.
        public var isEnd: Bool { self == .ran || self == .skipped || self == .missed }
    }

    /// What planned it.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        /// The trigger, in time.
        case schedule
        /// The trigger, and it is run late.
        case catchUp = "catch-up"
        /// A person.
        case person
    }

    /// What stands for ``due`` while another slot of the schedule must end first.
    public static let held = Int64.max

    /// The schedule's id.
    public let schedule: String
    /// When it was planned, milliseconds since 1970.
    public let planned: Int64
    /// What planned it.
    public var origin: Origin
    /// How it stands.
    public var state: State
    /// When it is to be started or taken up, milliseconds since 1970; ``held`` while another one must end first. While it
    /// runs: when to look whether anybody still carries it.
    public var due: Int64
    /// Why it was skipped or missed, or failed; empty otherwise.
    public var reason = ""
    /// Its runs' ids; the last is the one that counts.
    public var runs: [String] = []
    /// How often it was tried.
    public var attempts = 0
    /// Who carries its run: a ``Carrier``'s id.
    public var carrier: String?
    /// When it was first started, milliseconds since 1970.
    public var started: Int64?
    /// When it got its fate, milliseconds since 1970.
    public var ended: Int64?
    /// How its run ended, or waits.
    public var outcome: RunStatus?
    /// Who asked for it, if a person did: a login name.
    public var actor: String?
    /// Whether its run is to be ended for a later slot.
    public var isUnwanted = false

    /// A slot that is to be started; see the members for the defaults.
    public init(schedule: String, planned: Int64, origin: Origin = .schedule, state: State = .waiting, due: Int64) {
        self.schedule = schedule
        self.planned = planned
        self.origin = origin
        self.state = state
        self.due = due
    }

    /// Whether something of it was begun and it has no fate yet.
    public var isUnderWay: Bool { !state.isEnd && (state != .waiting || attempts > 0) }
}
