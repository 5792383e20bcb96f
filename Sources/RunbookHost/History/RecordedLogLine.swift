public import Operations

/// A log line that a run's script wrote.
public struct RecordedLogLine: Sendable, Hashable {
    /// `debug`, `info`, `warn` or `error`.
    public let level: String
    /// What it says.
    public let message: String
    /// Its fields: an object, or `null`; secrets redacted.
    public let fields: JSONValue
    /// The task that wrote it; 1 is the main one.
    public let task: UInt32
    /// The script's line; 0 if it is not known.
    public let line: UInt32
    /// When, milliseconds since 1970.
    public let time: Int64
    /// When, milliseconds since the run began.
    public let start: Int64

    /// Whether it tells of something that was skipped: it has a field `skipped` that is not `false`, 0 or empty.
    public var isSkip: Bool {
        switch fields["skipped"] {
        case nil, .null, .bool(false), .integer(0), .string(""), .array([]): false
        case .object(let members): !members.isEmpty
        default: true
        }
    }

    /// One line for a person: `not there login=ada`.
    public var text: String {
        let members = fields.objectValue ?? [:]
        let texts = members.keys.sorted().map { key in
            "\(key)=\(members[key]?.stringValue ?? members[key]?.text ?? "")"
        }
        return ([message] + texts).joined(separator: " ")
    }

    /// `{"level","message","fields","task","line","time","start_ms"}`.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "level": .string(level), "message": .string(message), "task": .integer(Int64(task)),
            "time": .integer(time), "start_ms": .integer(start),
        ]
        if !fields.isNull { members["fields"] = fields }
        if line > 0 { members["line"] = .integer(Int64(line)) }
        return .object(members)
    }
}
