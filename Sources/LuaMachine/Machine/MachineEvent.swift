/// What a machine tells its host.
public enum MachineEvent: Sendable {
    /// The script makes calls, in this order; it may go on while they are carried out.
    case calls([MachineCall])
    /// The script has returned: JSON.
    case finished(result: [UInt8], usage: MachineUsage)
    /// The script has raised: a JSON object with `kind`, `message`, `value`, `where` and `traceback`.
    case failed(report: [UInt8], usage: MachineUsage)
    /// A limit has ended the script: a JSON object with `limit`, `where` and `traceback`.
    case stopped(report: [UInt8], usage: MachineUsage)
}

/// What a machine has used.
public struct MachineUsage: Sendable, Hashable {
    /// The most Lua memory at one time, in bytes.
    public let peakMemory: Int

    /// Usage.
    public init(peakMemory: Int) { self.peakMemory = peakMemory }
}
