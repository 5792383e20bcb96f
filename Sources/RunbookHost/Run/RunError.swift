public import Operations

/// Why a run did not succeed.
public struct RunError: Sendable, Hashable {
    /// A failed call's kind, or one of ``Kind``.
    public let kind: String
    /// What was tried, what went wrong, what to do.
    public let message: String
    /// Where in the script, `file:line`.
    public let location: String?
    /// The script's functions, innermost first.
    public let traceback: [String]
    /// The value that the script raised, if it was a table of no more than 256 KiB as JSON; of a limit its name and what it
    /// allows; else `null`.
    public let value: JSONValue

    /// An error.
    ///
    /// - Parameters:
    ///   - kind: see ``kind``.
    ///   - message: see ``message``.
    ///   - location: Default: unknown.
    ///   - traceback: Default: empty.
    ///   - value: Default: `null`.
    public init(
        kind: String, message: String, location: String? = nil, traceback: [String] = [], value: JSONValue = .null
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.traceback = traceback
        self.value = value
    }

    /// An error of the host's own.
    ///
    /// - Parameters:
    ///   - kind: what happened.
    ///   - message: see ``message``.
    ///   - location: Default: unknown.
    ///   - traceback: Default: empty.
    ///   - value: Default: `null`.
    init(
        _ kind: Kind, message: String, location: String? = nil, traceback: [String] = [], value: JSONValue = .null
    ) {
        self.init(kind: kind.rawValue, message: message, location: location, traceback: traceback, value: value)
    }

    /// What a machine sent and the host cannot read: a worker that does not keep to what it should send.
    static func unreadable(_ what: String) -> RunError {
        RunError(
            .machine,
            message: "the machine sent \(what) as JSON that cannot be read; the run was ended and nothing more was sent"
        )
    }

    /// `{"kind","message","traceback"}`, `where` if it is known, and ``value`` if there is one: so a runbook that fails can
    /// still hand over what it has done.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(kind), "message": .string(message), "traceback": .array(traceback.map { .string($0) }),
        ]
        if let location { members["where"] = .string(location) }
        if value != .null { members["value"] = value }
        return .object(members)
    }
}
