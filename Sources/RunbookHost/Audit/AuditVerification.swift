/// What was found out about an audit log.
public struct AuditVerification: Sendable, Hashable {
    /// How many lines were read.
    public internal(set) var lines: Int64 = 0
    /// The place of the first line that was sound; `nil` if none was read.
    public internal(set) var first: Int64?
    /// The last line of those that fit together; `nil` if there is none.
    public internal(set) var head: AuditHead?
    /// The time of the first line, milliseconds since 1970.
    public internal(set) var began: Int64?
    /// The time of the last line that fits, milliseconds since 1970.
    public internal(set) var ended: Int64?
    /// The checkpoints that the log agrees with, by their place.
    public internal(set) var confirmed: [AuditCheckpoint] = []
    /// The place of the newest line that a checkpoint was given away for, as the log itself says; `nil` if it says nothing
    /// of checkpoints.
    public internal(set) var lastGiven: Int64?
    /// The first thing that is wrong; `nil` if nothing is.
    public internal(set) var fault: AuditFault?

    init() {}
}
