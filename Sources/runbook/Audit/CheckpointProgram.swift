import Glibc

/// A program of the operator's that takes a checkpoint: one line on its standard input.
///
/// What it prints goes to stderr; runbook's own output stays clean.
struct CheckpointProgram {
    let arguments: [String]
    let environment: [String: String]
    /// How long it may take.
    let timeout: Duration

    /// - Parameter timeout: Default: 30 s; it runs at the end of a run, and a person waits for it.
    init(_ arguments: [String], environment: [String: String], timeout: Duration = .seconds(30)) {
        self.arguments = arguments
        self.environment = environment
        self.timeout = timeout
    }

    /// Gives it a line and waits for its end. The thread is held up meanwhile: where others have work too, see ``OffThread``.
    func take(_ line: [UInt8]) throws(FileFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw FileFailure(errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        // A checkpoint is far shorter than what a pipe holds: it is in there before anybody reads.
        let written = line.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        guard written == line.count else { throw FileFailure("it could not be handed over") }
        let process = try start(input: ends[0])
        let status = try wait(for: process)
        guard status == 0 else {
            let signal = status & 0x7f
            throw FileFailure(
                signal == 0 ? "it failed with exit code \(status >> 8 & 0xff)" : "it was ended by signal \(signal)")
        }
    }

    private func start(input: Int32) throws(FileFailure) -> pid_t {
        guard !arguments.isEmpty else { throw FileFailure("no program is named") }
        do throws(ChildProcess.Failure) {
            return try ChildProcess.start(arguments, environment: environment, input: input)
        } catch {
            if error.number == ENOENT { throw FileFailure("it is not installed or not in PATH") }
            throw FileFailure(errno: error.number)
        }
    }

    private func wait(for process: pid_t) throws(FileFailure) -> Int32 {
        let deadline = ContinuousClock.now + timeout
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status }
            guard ended == 0 || errno == EINTR else { throw FileFailure(errno: errno) }
            if ContinuousClock.now >= deadline {
                kill(process, SIGKILL)
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                throw FileFailure("it did not end within \(timeout.components.seconds) s")
            }
            poll(nil, 0, 5)
        }
    }
}
