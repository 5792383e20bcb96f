/// What is wrong with an audit log: the first thing, and what it means.
public struct AuditFault: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A line is no JSON object.
        case notJSON = "not_json"
        /// A line lacks a member that every line has.
        case incomplete
        /// A line is JSON, but not as it was written: white space, an escape, the order of members.
        case notCanonical = "not_canonical"
        /// A line does not have the hash that it says.
        case altered
        /// Lines are not there.
        case missing
        /// A line stands where another belongs.
        case outOfOrder = "out_of_order"
        /// A line's place in the log was there before.
        case repeated
        /// A line was exchanged for another one with a fitting hash of its own.
        case exchanged
        /// The log ends too soon.
        case cutOff = "cut_off"
        /// The log goes on behind the end that its store remembers.
        case beyondEnd = "beyond_end"
        /// The log fits in itself and is not the one that a checkpoint was signed for.
        case rewritten
        /// A store says something else of a line than the line itself.
        case misfiled
        /// A checkpoint was not signed with the key, or is none.
        case checkpoint
    }

    /// What is wrong.
    public let kind: Kind
    /// Which line of what was read shows it, from 1; one behind the last if the end is what is wrong.
    public let line: Int64
    /// The place in the log that it is about, from 1.
    public let sequence: Int64
    /// What is wrong and what it means, for a person; it begins with the line.
    public let message: String

    /// A fault.
    public init(_ kind: Kind, line: Int64, sequence: Int64, message: String) {
        self.kind = kind
        self.line = line
        self.sequence = sequence
        self.message = message
    }
}

extension AuditFault: CustomStringConvertible {
    /// See ``message``.
    public var description: String { message }
}
