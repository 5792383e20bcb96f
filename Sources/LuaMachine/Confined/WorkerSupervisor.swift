internal import Glibc

/// Starts confined workers and watches over them.
public final class WorkerSupervisor: Sendable {
    /// The worker's program, `runbook-vm`.
    public let executable: String
    /// Where the tasks that drive its machines run best: on the thread that carries the workers' bytes.
    public let executor: any TaskExecutor
    private let thread: EventThread
    private let carrier: any WorkerCarrier
    private let patience: WorkerPatience

    /// A supervisor.
    ///
    /// - Parameters:
    ///   - executable: the path of `runbook-vm`.
    ///   - carrier: Default: a thread of the supervisor's own.
    /// - Throws: ``MachineError/launch(path:reason:)`` if the system has no threads or descriptors left.
    public convenience init(executable: String, carrier: (any WorkerCarrier)? = nil) throws(MachineError) {
        try self.init(executable: executable, carrier: carrier, patience: WorkerPatience())
    }

    init(executable: String, carrier: (any WorkerCarrier)? = nil, patience: WorkerPatience) throws(MachineError) {
        self.executable = executable
        self.patience = patience
        thread = try EventThread(inspectionInterval: patience.interval)
        self.carrier = carrier ?? thread
        executor = self.carrier
    }

    deinit { thread.stop() }

    /// The path of `runbook-vm` beside the program that runs, where an installation has it.
    public static func executableBesideProgram() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard length > 0 else { return "runbook-vm" }
        let path = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (path.split(separator: "/").dropLast().map { "/" + $0 }.joined()) + "/runbook-vm"
    }

    /// Starts a worker for one program.
    ///
    /// - Parameters:
    ///   - program: what it runs.
    ///   - isConfined: `false` leaves the worker's rights as they are: only for scripts that are trusted.
    ///     Default: `true`.
    /// - Throws: ``MachineError/launch(path:reason:)``. A worker that cannot confine itself says so with its first event.
    public func start(_ program: MachineProgram, isConfined: Bool = true) async throws(MachineError) -> ConfinedMachine
    {
        let worker = WorkerProcess(
            thread: thread, carrier: carrier, limits: program.limits, patience: patience,
            isSession: program.isSession)
        let arguments = [
            String(getpid()), String(program.limits.memory), String(86_400), isConfined ? "confined" : "unconfined",
        ]
        let frame = FrameEncoder.start(program)
        let executable = executable
        let outcome = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, MachineError>, Never>) in
            thread.submit { _ in
                do throws(MachineError) {
                    try worker.start(path: executable, arguments: arguments, firstFrame: frame)
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        try outcome.get()
        return ConfinedMachine(worker, of: self)
    }
}
