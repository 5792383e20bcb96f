public import Operations

/// The process that carries a run, so that another one can tell whether it still lives.
public struct RunOwner: Sendable, Hashable {
    /// The machine's name.
    public let host: String
    /// What tells one start of that machine from another: Linux's `/proc/sys/kernel/random/boot_id`.
    public let boot: String
    /// The process.
    public let process: Int32
    /// When the process began, in clock ticks after the machine's start: numbers of processes are used again.
    public let processStart: Int64

    /// An owner.
    public init(host: String, boot: String, process: Int32, processStart: Int64) {
        self.host = host
        self.boot = boot
        self.process = process
        self.processStart = processStart
    }

    /// `{"host","boot","process","start"}`.
    public var json: JSONValue {
        [
            "host": .string(host), "boot": .string(boot), "process": .integer(Int64(process)),
            "start": .integer(processStart),
        ]
    }

    /// Reads ``json``.
    public init?(_ json: JSONValue) {
        guard let host = json["host"]?.stringValue, let boot = json["boot"]?.stringValue,
            let process = json["process"]?.integerValue.flatMap({ Int32(exactly: $0) }),
            let start = json["start"]?.integerValue
        else { return nil }
        self.init(host: host, boot: boot, process: process, processStart: start)
    }
}
