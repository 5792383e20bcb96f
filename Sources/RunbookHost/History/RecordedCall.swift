public import Operations

/// A call of a run as its journal tells it: made by the script, or by the host to give back what an update had taken.
///
/// Nothing in it is secret: secrets among the arguments are replaced by `SecretValue.redacted`.
public struct RecordedCall: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// It is under way in a process that lives.
        case pending
        /// It was carried out.
        case done
        /// It was refused, or could not be made.
        case failed
        /// It was surely not sent: the run ended before, or a person has said so.
        case notSent = "not_sent"
        /// It may have reached the server, and no answer came.
        case unknown
        /// A change that a plan lists, and that was not sent.
        case planned
        /// A read that the run did not wait for to the end.
        case unanswered
    }

    /// The machine's number of the call: what `runbook decide` takes.
    public var number: UInt32
    /// The task that made it; 1 is the main one.
    public var task: UInt32
    /// The script's line; 0 if it is not known.
    public var line: UInt32
    /// The operation, or the host's function.
    public var operation: String
    /// The arguments by name, or as they were passed; secrets redacted.
    public var arguments: JSONValue
    /// What it may do to the world; `nil` for a function of the host itself, such as `sleep`.
    public var effect: EffectClass?
    /// Whether the host made it, and not the script.
    public var isRestoration = false
    /// When it began, milliseconds since 1970.
    public var began: Int64
    /// When it began, milliseconds since the run began.
    public var start: Int64
    /// When it ended, milliseconds since the run began; `nil` while it has not.
    public var end: Int64?
    /// How long it took, in milliseconds; `nil` while it has not ended.
    public var duration: Int64?
    /// How often it was sent; 0 if it is not known.
    public var attempts = 0
    /// The HTTP status; `nil` without an answer.
    public var status: Int?
    /// How it ended.
    public var outcome = Outcome.pending
    /// What a person has decided became of it: `true` if it was sent. `nil` if nobody had to.
    public var decidedAsSent: Bool?
    /// The kind of its failure, as scripts see it; empty if it did not fail.
    public var errorKind = ""
    /// What went wrong and what to do; empty if it did not fail.
    public var errorMessage = ""
    /// Whom or what it changes; `nil` if that is not known.
    public var target: ChangeTarget?
    /// A change in one line for a person, such as `unlock user ada (7)`; empty if it is not known.
    public var summary = ""
    /// What it changes, field by field.
    public var differences: [FieldChange] = []
    /// What an undo of it restores; `nil` if there is nothing, or it is not known. See `Inverse`.
    public var image: JSONValue?
    /// What a change was answered, such as a new id; `null` if nothing.
    public var result = JSONValue.null
    /// Whether everything stays, or stayed, as it was before.
    public var hasNoEffect = false

    /// Whether it changes something.
    public var isChange: Bool { effect?.isChange ?? false }

    /// One line for a person: the summary, or else the operation with its arguments: `users.unlock id=7`.
    public var text: String { summary.isEmpty ? called : summary }

    /// The operation with its arguments: `users.unlock id=7`.
    public var called: String {
        switch arguments {
        case .object(let members):
            let texts = members.keys.sorted().map { "\($0)=\(Self.text(of: members[$0] ?? .null))" }
            return ([operation] + texts).joined(separator: " ")
        case .array(let elements): return ([operation] + elements.map(Self.text)).joined(separator: " ")
        default: return operation
        }
    }

    private static func text(of value: JSONValue) -> String { value.stringValue ?? value.text }
}

extension RecordedCall {
    /// Everything, for a program; what is not known is left out.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "call": .integer(Int64(number)), "task": .integer(Int64(task)), "operation": .string(operation),
            "arguments": arguments, "began": .integer(began), "start_ms": .integer(start),
            "outcome": .string(outcome.rawValue),
        ]
        if line > 0 { members["line"] = .integer(Int64(line)) }
        if let effect { members["effect"] = .string(effect.rawValue) }
        if isRestoration { members["restoration"] = true }
        if let end { members["end_ms"] = .integer(end) }
        if let duration { members["duration_ms"] = .integer(duration) }
        if attempts > 0 { members["attempts"] = .integer(Int64(attempts)) }
        if let status { members["status"] = .integer(Int64(status)) }
        if let decidedAsSent { members["decision"] = .string(decidedAsSent ? "sent" : "not_sent") }
        if !errorKind.isEmpty || !errorMessage.isEmpty {
            members["error"] = ["kind": .string(errorKind), "message": .string(errorMessage)]
        }
        guard isChange else { return .object(members) }
        if let target { members["target"] = target.json }
        if !summary.isEmpty { members["summary"] = .string(summary) }
        if !differences.isEmpty { members["changes"] = .array(differences.map(\.json)) }
        if hasNoEffect { members["no_effect"] = true }
        return .object(members)
    }
}

extension ChangeTarget {
    /// Reads ``json``; an id may be a number.
    init?(_ json: JSONValue) {
        guard let type = json["type"]?.stringValue, let id = json["id"] else { return nil }
        self.init(type: type, id: id.stringValue ?? id.text, name: json["name"]?.stringValue)
    }
}

extension FieldChange {
    /// Reads ``json``.
    init?(_ json: JSONValue) {
        guard let field = json["field"]?.stringValue else { return nil }
        self.init(
            field: field, before: (json["before"] ?? .null).withoutHandles,
            after: (json["after"] ?? .null).withoutHandles)
    }
}
