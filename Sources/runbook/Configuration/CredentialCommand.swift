import Glibc

/// A program that prints a secret, such as a password manager. It may ask for a passphrase: it has the terminal.
struct CredentialCommand {
    /// Why there is no secret: a part of a sentence, without anything that the program printed.
    struct Failure: Error, Sendable, Hashable {
        let reason: String
    }

    /// The most that a program may print, in bytes.
    static let maximumOutput = 64 << 10

    private let arguments: [String]
    private let environment: [String: String]
    private let timeout: Duration

    /// A command.
    ///
    /// - Parameters:
    ///   - arguments: the program, searched in `PATH` if it has no slash, and its arguments.
    ///   - timeout: Default: 2 min, for a person to type a passphrase.
    init(_ arguments: [String], environment: [String: String], timeout: Duration = .seconds(120)) {
        self.arguments = arguments
        self.environment = environment
        self.timeout = timeout
    }

    /// Runs the program to its end and gives what it printed. The thread is held up meanwhile: where others have work too,
    /// see ``OffThread``.
    func run() throws(Failure) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(reason: "could not be started: no descriptors are left") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process: pid_t
        do throws(Failure) { process = try start(output: ends[1]) } catch {
            close(ends[0])
            close(ends[1])
            throw error
        }
        close(ends[1])
        let deadline = ContinuousClock.now + timeout
        let outcome = Result { () throws(Failure) in
            let printed = try read(ends[0], until: deadline)
            return (printed, try wait(for: process, until: deadline))
        }
        close(ends[0])
        if case .failure = outcome {
            kill(process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
        let (printed, status) = try outcome.get()
        guard status == 0 else {
            let signal = status & 0x7f
            throw Failure(
                reason: signal == 0 ? "failed with exit code \(status >> 8 & 0xff)" : "was ended by signal \(signal)")
        }
        return printed
    }

    private func start(output: Int32) throws(Failure) -> pid_t {
        guard !arguments.isEmpty else { throw Failure(reason: "is not named") }
        do throws(ChildProcess.Failure) {
            return try ChildProcess.start(arguments, environment: environment, output: output)
        } catch {
            throw Failure(
                reason: error.number == ENOENT
                    ? "is not installed or not in PATH"
                    : "could not be started: \(FileFailure(errno: error.number).reason)")
        }
    }

    /// Waits for the end of a program that prints no more. It may go on for long nevertheless.
    private func wait(for process: pid_t, until deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status }
            guard ContinuousClock.now < deadline else { throw overdue }
            poll(nil, 0, 2)
        }
    }

    private var overdue: Failure { Failure(reason: "did not end within \(timeout.components.seconds) s") }

    private func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var printed: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { throw overdue }
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Int32(min(left.rounded(.up), 60_000))) > 0 else { continue }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return printed }
            printed += chunk[..<count]
            guard printed.count <= Self.maximumOutput else { throw Failure(reason: "printed more than a secret") }
        }
    }
}
