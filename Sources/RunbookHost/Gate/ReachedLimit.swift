internal import Operations

/// A limit that a run has reached: what it was, and what to do.
struct ReachedLimit: Sendable, Hashable {
    /// The limits by the names that a manifest gives them.
    typealias Name = RunLimits.Name

    let name: Name
    let limits: RunLimits

    /// The limit and how much it allows, as people read it.
    private var subject: String {
        switch name {
        case .time: "the time limit of \(limits.time.readable)"
        case .memory: "the memory limit of \(limits.memory.readableBytes)"
        case .calls: "the limit of \(limits.calls) call\(limits.calls == 1 ? "" : "s")"
        case .changes: "the limit of \(limits.changes) change\(limits.changes == 1 ? "" : "s")"
        case .log: "the limit of \(limits.log.readableBytes) of log lines"
        case .result: "the limit of \(limits.result.readableBytes) of result"
        case .tasks: "the limit of \(limits.tasks) task\(limits.tasks == 1 ? "" : "s") alive at once"
        case .source: "the limit of \(limits.source.readableBytes) of source text"
        }
    }

    /// How much was allowed: milliseconds, bytes or a count.
    private var amount: Int64 {
        switch name {
        case .time: limits.time.inMilliseconds
        case .memory: Int64(limits.memory)
        case .calls: Int64(limits.calls)
        case .changes: Int64(limits.changes)
        case .log: Int64(limits.log)
        case .result: Int64(limits.result)
        case .tasks: Int64(limits.tasks)
        case .source: Int64(limits.source)
        }
    }

    private var advice: String {
        switch name {
        case .time: "Raise limits.time or --time-limit if so long is meant"
        case .memory: "Keep less at once, or raise limits.memory or --memory-limit"
        case .calls: "Raise limits.calls or --max-calls if so many are meant"
        case .changes: "Raise limits.changes or --max-changes if so many are meant"
        case .log: "Log less, or raise limits.log \(Self.place)"
        case .result: "Return less, or raise limits.result \(Self.place)"
        case .tasks: "Give parallel a smaller width, or raise limits.tasks \(Self.place)"
        case .source: "Pass load less, or raise limits.source \(Self.place)"
        }
    }

    /// Where a limit is set that no flag sets: a manifest only narrows it.
    private static let place = "in the configuration, or in the runbook's manifest if it sets less"

    /// For machines: `{"limit","allowed"}`, milliseconds, bytes or a count.
    private var value: JSONValue { ["limit": .string(name.rawValue), "allowed": .integer(amount)] }

    /// The error of a run that this limit has stopped.
    ///
    /// - Parameter operation: what was about to be called, if it was a call that would have passed the limit.
    func error(at operation: String? = nil, location: String?, traceback: [String] = []) -> RunError {
        let what =
            if let operation { "was reached at \(operation); it was not sent, nor anything after it" } else {
                "was reached; nothing more was sent"
            }
        return RunError(
            .limit, message: "\(subject) \(what). \(advice)", location: location,
            traceback: traceback, value: value)
    }
}
