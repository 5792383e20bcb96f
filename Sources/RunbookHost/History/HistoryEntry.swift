public import Operations

/// One thing that happened in a run.
public enum HistoryEntry: Sendable, Hashable {
    /// A call, with all that became of it.
    case call(RecordedCall)
    /// A log line.
    case log(RecordedLogLine)
    /// A person has said whether a call was sent.
    case decision(call: UInt32, wasSent: Bool, actor: String, time: Int64, start: Int64)
    /// Another process has taken the run over; `nil` if the journal does not say which.
    case resumption(owner: RunOwner?, time: Int64, start: Int64)

    /// For a program: `event` says what it is.
    public var json: JSONValue {
        switch self {
        case .call(let call): Self.object("call", call.json)
        case .log(let line): Self.object("log", line.json)
        case .decision(let call, let wasSent, let actor, let time, let start):
            [
                "event": "decision", "call": .integer(Int64(call)), "decision": wasSent ? "sent" : "not_sent",
                "actor": .string(actor),
                "time": .integer(time), "start_ms": .integer(start),
            ]
        case .resumption(let owner, let time, let start):
            Self.object(
                "resumption",
                ["owner": owner?.json ?? .null, "time": .integer(time), "start_ms": .integer(start)])
        }
    }

    private static func object(_ event: String, _ json: JSONValue) -> JSONValue {
        var members = json.objectValue ?? [:]
        members["event"] = .string(event)
        return .object(members)
    }
}
