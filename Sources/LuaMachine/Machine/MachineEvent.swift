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
    /// Every answer given before ``LuaMachine/synchronize()`` is taken in, every call that this led to was told before, and
    /// each of the script's tasks waits for an answer that has not been given.
    case waiting
    /// An answer was given ahead, with ``LuaMachine/replay(_:)``, to a call that the script does not make: each of its tasks
    /// waits for another one. The machine has ended.
    case diverged(call: UInt32, usage: MachineUsage)
    /// A session's machine takes the next statement: see ``LuaMachine/evaluate(_:)``.
    case ready
}

/// What a machine has used.
public struct MachineUsage: Sendable, Hashable {
    /// The most Lua memory at one time, in bytes.
    public let peakMemory: Int

    /// Usage.
    public init(peakMemory: Int) { self.peakMemory = peakMemory }
}
