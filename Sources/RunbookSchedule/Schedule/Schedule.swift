public import Operations

/// A runbook and when it is to be run.
///
/// A schedule is a value: a ``ScheduleStore`` keeps it, and takes a new one only from whoever knows the last.
public struct Schedule: Sendable, Hashable {
    // MARK: What it is

    /// Its id, which no other schedule ever has.
    public let id: String
    /// Its name, which no other schedule has that is not removed.
    public var name: String
    /// Whether it runs anything.
    public var phase = SchedulePhase.active
    /// Why it is paused, and since when in milliseconds since 1970; empty and `nil` if it is not.
    public var pauseReason = ""
    /// See ``pauseReason``.
    public var paused: Int64?

    // MARK: What it runs

    /// The runbook's name: the path it was read from.
    public var runbook: String
    /// SHA-256 of the source that was pinned; of a file that is followed, as it was when somebody last agreed to it.
    public var sha256: String
    /// Whether each run reads the file anew. Default: it runs the source that was there when it was added.
    public var follows = false
    /// The capabilities that somebody has agreed to: a file that is followed and needs more is not run.
    public var capabilities: [Capability] = []
    /// The source and the parameters as they were given, sealed: see ``ScheduledSource``.
    public var sealed: [UInt8] = []
    /// The parameters as a person may see them, secrets redacted.
    public var parameters: [String: JSONValue] = [:]
    /// The named target; `nil` for that which the configuration chooses.
    public var target: String?

    // MARK: When

    /// When it runs, as ``Trigger`` reads it.
    public var trigger: String
    /// The time zone's IANA name.
    public var zone: String
    /// No slot before this, milliseconds since 1970. Default: at once.
    public var starting: Int64?
    /// No slot after this, milliseconds since 1970. Default: for ever.
    public var until: Int64?
    /// How much later than planned a slot may start, in milliseconds: each by another part of it, and always the same
    /// slot by the same. Default: 0.
    public var jitter: Int64 = 0

    // MARK: How

    /// What becomes of slots that nobody was there for.
    public var catchUp = CatchUp()
    /// What becomes of a slot while an earlier one still runs.
    public var overlap = Overlap.skip
    /// How often a failed slot is tried again.
    public var retry = Retry()
    /// The most time that a run may take, in milliseconds. Default: as configured.
    public var timeLimit: Int64?
    /// The most changes that a run may make. Default: as configured.
    public var maxChanges: Int?
    /// Whether it only makes plans, for somebody to look at and apply.
    public var planOnly = false
    /// Who is told when something goes wrong.
    public var hooks: [Hook] = []

    // MARK: Where it stands

    /// When it was added, milliseconds since 1970.
    public let created: Int64
    /// When somebody last changed it.
    public var edited: Int64
    /// Who added it, or changed it last.
    public var actor = ""
    /// Every slot up to this moment has its row; milliseconds since 1970.
    public var cursor: Int64
    /// The planned time of the first slot without a row, milliseconds since 1970; `nil` if there is none ever again.
    public var next: Int64?
    /// When the first of the open slots is ``Slot/due``; `nil` if all are held, or there is none.
    public var ready: Int64?
    /// Planned times after the cursor that have had their run already, while the clock was ahead.
    public var spent: Set<Int64> = []
    /// Whether the last slot that ran did not end well.
    public var isFailing = false
    /// The slots that were missed and nobody was told of yet.
    public var untold: MissedSlots?
    /// Counts its changes: whoever replaces it must have read this one.
    public var revision: Int64 = 0

    /// A new schedule that begins now; see the members for the defaults.
    public init(
        id: String, name: String, runbook: String, sha256: String, trigger: String, zone: String, created: Int64
    ) {
        self.id = id
        self.name = name
        self.runbook = runbook
        self.sha256 = sha256
        self.trigger = trigger
        self.zone = zone
        self.created = created
        edited = created
        cursor = created
    }
}
