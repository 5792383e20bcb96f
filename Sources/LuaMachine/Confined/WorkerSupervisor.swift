internal import Glibc

/// Starts confined workers and watches over them, all on one thread.
public final class WorkerSupervisor: Sendable {
    /// The worker's program, `runbook-vm`.
    public let executable: String
    private let thread: EventThread
    private let patience: WorkerPatience

    /// A supervisor.
    ///
    /// - Parameter executable: the path of `runbook-vm`.
    /// - Throws: ``MachineError/launch(path:reason:)`` if the system has no threads or descriptors left.
    public convenience init(executable: String) throws(MachineError) {
        try self.init(executable: executable, patience: WorkerPatience())
    }

    init(executable: String, patience: WorkerPatience) throws(MachineError) {
        self.executable = executable
        self.patience = patience
        thread = try EventThread(inspectionInterval: patience.interval)
    }

    deinit { thread.stop() }

    /// Where the tasks that drive its machines run best: on the thread that hears of the workers.
    public var executor: any TaskExecutor { thread }

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
    /// - Parameter isConfined: `false` leaves the worker's rights as they are: only for scripts that are trusted.
    ///   Default: `true`.
    /// - Throws: ``MachineError/launch(path:reason:)``. A worker that cannot confine itself says so with its first event.
    public func start(_ program: MachineProgram, isConfined: Bool = true) async throws(MachineError) -> ConfinedMachine
    {
        let worker = WorkerProcess(thread: thread, limits: program.limits, patience: patience)
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
