public import Operations

/// A call of a run that changes something.
public struct ChangeRecord: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// It was sent and is not answered yet.
        case pending
        /// The server carried it out.
        case done
        /// The server refused it, or it could not be sent.
        case failed
        /// The run ended before it was sent.
        case notSent = "not_sent"
        /// It may have reached the server, and no answer came.
        case unknown
        /// It stands in a plan, and was not sent.
        case planned
    }

    /// The operation's name.
    public let operation: String
    /// The arguments by name, secrets redacted, long texts and lists cut short.
    public let arguments: JSONValue
    /// The script's line.
    public let line: Int
    /// What it does, one line for a person; `nil` if that is not known, as without a journal.
    public internal(set) var summary: String?
    /// How it ended.
    public internal(set) var outcome: Outcome

    /// One line for a person: `users.unlock id=7`.
    public var description: String {
        let members = arguments.objectValue ?? [:]
        let texts = members.keys.sorted().map { "\($0)=\(members[$0]?.stringValue ?? members[$0]?.text ?? "")" }
        return ([operation] + texts).joined(separator: " ")
    }
}
