import RunbookHost

/// The limits that one file sets; what it does not set is `nil`.
struct LimitSettings: Sendable {
    var time: Setting<Duration>?
    var memory: Setting<Int>?
    var calls: Setting<Int>?
    var changes: Setting<Int>?
    var log: Setting<Int>?
    var result: Setting<Int>?
    var tasks: Setting<Int>?
    var source: Setting<Int>?
}

/// A run's limits while they are put together, each with where it comes from.
struct LimitMerger {
    private(set) var limits = RunLimits()
    private(set) var warnings: [String] = []
    private var origins: [String: Origin] = [:]

    /// Takes over what a file sets. A project file can only lower.
    mutating func apply(_ settings: LimitSettings, onlyLowering: Bool) {
        apply(settings.time, \.time, "time", onlyLowering, \.readable)
        apply(settings.memory, \.memory, "memory", onlyLowering, \.readableBytes)
        apply(settings.calls, \.calls, "calls", onlyLowering) { String($0) }
        apply(settings.changes, \.changes, "changes", onlyLowering) { String($0) }
        apply(settings.log, \.log, "log", onlyLowering, \.readableBytes)
        apply(settings.result, \.result, "result", onlyLowering, \.readableBytes)
        apply(settings.tasks, \.tasks, "tasks", onlyLowering) { String($0) }
        apply(settings.source, \.source, "source", onlyLowering, \.readableBytes)
    }

    private mutating func apply<Value: Comparable>(
        _ setting: Setting<Value>?, _ path: WritableKeyPath<RunLimits, Value>, _ name: String, _ onlyLowering: Bool,
        _ text: (Value) -> String
    ) {
        guard let setting else { return }
        let present = limits[keyPath: path]
        guard !onlyLowering || setting.value <= present else {
            let whose = origins[name].map { "that \($0) sets" } ?? "of the default"
            warnings.append(
                "\(setting.origin): a project file can only lower limits, so limits.\(name) stays at the \(text(present)) "
                    + "\(whose); raise it in your own file\(RunLimits.Name(rawValue: name)?.flag == nil ? "" : ", or with a flag")"
            )
            return
        }
        limits[keyPath: path] = setting.value
        origins[name] = setting.origin
    }

    /// The lines of `runbook config`.
    var entries: [Configuration.Entry] {
        [
            ("time", limits.time.readable), ("memory", limits.memory.readableBytes), ("calls", String(limits.calls)),
            ("changes", String(limits.changes)), ("log", limits.log.readableBytes),
            ("result", limits.result.readableBytes), ("tasks", String(limits.tasks)),
            ("source", limits.source.readableBytes),
        ].map { Configuration.Entry(key: "limits.\($0.0)", value: $0.1, origin: origins[$0.0] ?? .standard) }
    }
}
