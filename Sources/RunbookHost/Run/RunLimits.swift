internal import LuaMachine
internal import Operations

/// What one run may use. Each limit ends the run for good; no handler in the script catches it.
public struct RunLimits: Sendable, Hashable {
    /// Wall time. Default: 1 hour.
    public var time: Duration
    /// Bytes that the script holds, with the replies and arguments on their way. Default: 128 MiB.
    public var memory: Int
    /// Calls of operations. Default: 1,000,000.
    public var calls: Int
    /// Calls that change something. Default: 10,000.
    public var changes: Int
    /// Bytes of log lines. Default: 16 MiB.
    public var log: Int
    /// Bytes of the result as JSON. Default: 16 MiB.
    public var result: Int
    /// Tasks alive at once, the main one and those of `parallel`. Default: 2,000.
    public var tasks: Int
    /// Bytes of one source text: the runbook's, and what it passes to `load`. Default: 1 MiB.
    public var source: Int

    /// What ``memory`` may be set to: with less than 1 MiB no script starts, and more than 1 TiB no worker can map.
    public static let memoryRange = 1 << 20...1 << 40

    /// Limits; see the members for the defaults.
    public init(
        time: Duration = .seconds(3_600), memory: Int = 128 << 20, calls: Int = 1_000_000, changes: Int = 10_000,
        log: Int = 16 << 20, result: Int = 16 << 20, tasks: Int = 2_000, source: Int = 1 << 20
    ) {
        self.time = time
        self.memory = memory
        self.calls = calls
        self.changes = changes
        self.log = log
        self.result = result
        self.tasks = tasks
        self.source = source
    }

    /// The limits that a manifest sets itself.
    public struct Declared: Sendable, Hashable {
        /// Wall time.
        public var time: Duration?
        /// Lua memory in bytes.
        public var memory: Int?
        /// Calls.
        public var calls: Int?
        /// Changes.
        public var changes: Int?
        /// Bytes of log lines.
        public var log: Int?
        /// Bytes of the result.
        public var result: Int?
        /// Tasks alive at once.
        public var tasks: Int?
        /// Bytes of one source text.
        public var source: Int?

        init(_ value: JSONValue?) throws(Manifest.Fault) {
            guard let value, value.arrayValue?.isEmpty != true else { return }
            guard let members = value.objectValue else {
                throw Manifest.Fault(description: "limits must be a table, such as { changes = 200, time = \"5m\" }")
            }
            try Manifest.check(members, known: Name.names, of: "limits")
            if let value = members["time"] {
                guard
                    let time = value.stringValue.flatMap({ Duration(quantity: $0) })
                        ?? value.integerValue.map({ .seconds($0) }), time > .zero
                else {
                    throw Manifest.Fault(
                        description: "the limit time must be a duration such as \"90s\" or \"5m\", not \(value)")
                }
                self.time = time
            }
            memory = try Self.bytes(
                members, "memory", least: RunLimits.memoryRange.lowerBound, expected: "a size of 1MB or more,")
            log = try Self.bytes(members, "log")
            result = try Self.bytes(members, "result")
            source = try Self.bytes(members, "source")
            tasks = try Self.count(members, "tasks", least: 1)
            calls = try Self.count(members, "calls")
            changes = try Self.count(members, "changes")
        }

        private static func count(
            _ members: [String: JSONValue], _ key: String, least: Int = 0
        ) throws(Manifest.Fault) -> Int? {
            guard let value = members[key] else { return nil }
            guard let count = value.integerValue, count >= least else {
                throw Manifest.Fault(
                    description: "the limit \(key) must be a whole number, \(least) or more, not \(value)")
            }
            return Int(count)
        }

        private static func bytes(
            _ members: [String: JSONValue], _ key: String, least: Int = 1, expected: String = "a size"
        ) throws(Manifest.Fault) -> Int? {
            guard let value = members[key] else { return nil }
            guard
                let bytes = value.stringValue.flatMap({ Int(byteQuantity: $0) }) ?? value.integerValue.map({ Int($0) }),
                bytes >= least
            else {
                throw Manifest.Fault(description: "the limit \(key) must be \(expected) such as \"64MB\", not \(value)")
            }
            return bytes
        }
    }

    /// These limits, each narrowed to what the manifest declares; a manifest never widens one.
    func narrowed(to declared: Declared) -> RunLimits {
        RunLimits(
            time: min(time, declared.time ?? time), memory: min(memory, declared.memory ?? memory),
            calls: min(calls, declared.calls ?? calls), changes: min(changes, declared.changes ?? changes),
            log: min(log, declared.log ?? log), result: min(result, declared.result ?? result),
            tasks: min(tasks, declared.tasks ?? tasks), source: min(source, declared.source ?? source))
    }

    var machine: MachineLimits {
        MachineLimits(memory: memory, source: source, log: log, result: result, tasks: tasks)
    }
}
