/// A machine in a process of its own that can open nothing, reach nothing, and be killed at any time. The default.
///
/// A script that computes for ever, exhausts memory or crashes the Lua library ends this run and nothing else.
public final class ConfinedMachine: LuaMachine {
    private let worker: WorkerProcess
    /// Without it nobody would hear of the worker's end.
    private let supervisor: WorkerSupervisor

    init(_ worker: WorkerProcess, of supervisor: WorkerSupervisor) {
        self.worker = worker
        self.supervisor = supervisor
    }

    deinit { worker.killNow() }

    /// See ``LuaMachine/nextEvent()``.
    public func nextEvent() async throws(MachineError) -> MachineEvent { try await worker.nextEvent() }

    /// See ``LuaMachine/reply(_:)``.
    public func reply(_ reply: MachineReply) { worker.reply(reply) }

    /// See ``LuaMachine/replay(_:)``.
    public func replay(_ replies: [MachineReply]) { worker.replay(replies) }

    /// See ``LuaMachine/synchronize()``.
    public func synchronize() { worker.synchronize() }

    /// See ``LuaMachine/narrow(to:)``.
    public func narrow(to limits: MachineLimits) { worker.narrow(to: limits) }

    /// See ``LuaMachine/evaluate(_:)``.
    public func evaluate(_ statement: MachineStatement) { worker.evaluate(statement) }

    /// See ``LuaMachine/interrupt(_:)``. A worker that does not stop within 75 ms is killed; a
    /// session's has some seconds.
    public func interrupt(_ why: MachineInterrupt) { worker.interrupt(why) }

    /// See ``LuaMachine/close()``. Returns when the process is gone.
    public func close() async { await worker.close() }

    /// The worker's process, while it lives.
    public var processIdentifier: Int32? { worker.processIdentifier }

    /// What the worker found of its own confinement when it probed it, a JSON object of Booleans; `nil` until its first
    /// event.
    public var confinementReport: [UInt8]? { worker.report }

    /// The descriptors that the host holds for it: its socket and its process, while they are open.
    var descriptors: [Int32] { worker.descriptors }

    /// About how many bytes of events wait to be asked for.
    var waitingBytes: Int { worker.waitingBytes }
}
