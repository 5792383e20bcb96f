import RunbookHost

extension RunLimits.Name {
    /// What a run may use if nobody says otherwise, as people read it.
    var standard: String {
        let limits = RunLimits()
        return switch self {
        case .time: limits.time.readable
        case .memory: limits.memory.readableBytes
        case .calls: "\(limits.calls)"
        case .changes: "\(limits.changes)"
        case .log: limits.log.readableBytes
        case .result: limits.result.readableBytes
        case .tasks: "\(limits.tasks)"
        case .source: limits.source.readableBytes
        }
    }

    /// What it is written in.
    var unit: String {
        switch self {
        case .time: "a time such as 5m"
        case .memory, .log, .result, .source: "a size such as 64MB"
        case .calls, .changes, .tasks: "a number"
        }
    }

    /// What it limits, in a sentence.
    var meaning: String {
        switch self {
        case .time: "Wall time, waiting included."
        case .memory: "What the script holds, with the replies and arguments on their way."
        case .calls: "Calls of operations."
        case .changes: "Calls that change something."
        case .log: "Log lines in all."
        case .result: "The result, as JSON."
        case .tasks: "Tasks alive at once: the main one and those of parallel."
        case .source: "One source text: the runbook's, and what it passes to load."
        }
    }

    /// The flag that sets it for one run.
    var flag: String? {
        switch self {
        case .time: "--time-limit"
        case .memory: "--memory-limit"
        case .calls: "--max-calls"
        case .changes: "--max-changes"
        case .log, .result, .tasks, .source: nil
        }
    }
}
