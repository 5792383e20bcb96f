/// The end of the audit log: where the next line goes on.
public struct AuditHead: Sendable, Hashable {
    /// The last line's place.
    public var sequence: Int64
    /// The last line's hash, lower-case hexadecimal.
    public var hash: String

    /// An end.
    public init(sequence: Int64, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }
}
