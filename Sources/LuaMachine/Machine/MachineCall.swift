/// A call that the script makes to its host.
public struct MachineCall: Sendable, Hashable {
    /// The number that its reply must carry; 0 for a note, which wants none.
    public let id: UInt32
    /// The task it is made in; 1 is the main one.
    public let task: UInt32
    /// The script's line, from 1; 0 if none is known.
    public let line: UInt32
    /// What is called.
    public let name: String
    /// The arguments: a JSON array.
    public let arguments: [UInt8]

    /// A call.
    public init(id: UInt32, task: UInt32, line: UInt32, name: String, arguments: [UInt8]) {
        self.id = id
        self.task = task
        self.line = line
        self.name = name
        self.arguments = arguments
    }

    /// Whether the script goes on without a reply.
    public var isNote: Bool { id == 0 }
}
