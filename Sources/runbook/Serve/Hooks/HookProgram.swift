import Glibc

/// A program of the operator's that is told of an event: JSON on its standard input.
///
/// What it prints goes to stderr; runbook's own output stays clean. It is the leader of a process group, which is killed
/// with it if it takes too long. What it leaves running when it ends in time is left alone.
struct HookProgram: Sendable {
    private let arguments: [String]
    private let environment: [String: String]
    private let timeout: Duration

    /// A program.
    ///
    /// - Parameters:
    ///   - arguments: the program, searched in `PATH` if it has no slash, and its arguments.
    ///   - environment: the variables of this program; it gets those of ``reduced(_:)``.
    ///   - timeout: how long it may take. Default: 30 s.
    init(_ arguments: [String], environment: [String: String], timeout: Duration = .seconds(30)) {
        self.arguments = arguments
        self.environment = Self.reduced(environment)
        self.timeout = timeout
    }

    /// The variables without those that are this program's own: its credentials and settings, and what the service manager
    /// told it alone.
    static func reduced(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in
            !name.hasPrefix("RUNBOOK_") && !name.hasPrefix("LISTEN_") && !ServiceNotifier.variables.contains(name)
                && name != "CREDENTIALS_DIRECTORY"
        }
    }

    /// Runs it to its end. The thread is not held up meanwhile.
    ///
    /// - Parameters:
    ///   - variables: more variables for it.
    ///   - input: what it can read.
    func run(_ variables: [String: String], input: [UInt8]) async -> HookOutcome {
        let name = arguments.first ?? ""
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            return .tryLater(after: nil, reason: "no descriptors are left to start the program \(name) with")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // As long as this end is open too, writing to one who does not read is no error, and no signal.
        defer { close(ends[0]) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let process: pid_t
        do throws(ChildProcess.Failure) {
            process = try ChildProcess.start(
                arguments, environment: environment.merging(variables) { $1 }, input: ends[0], leadsGroup: true)
        } catch {
            close(ends[1])
            return failure(error)
        }
        guard let status = await end(of: process, writing: input, to: ends[1]) else {
            let why = Task.isCancelled ? "was given up" : "did not end within \(timeout.components.seconds) s"
            return .tryLater(after: nil, reason: "the program \(name) \(why) and was killed")
        }
        guard status != 0 else { return .delivered }
        let signal = status & 0x7f
        let how = signal == 0 ? "failed with exit code \(status >> 8 & 0xff)" : "was ended by signal \(signal)"
        return .tryLater(after: nil, reason: "the program \(name) \(how)")
    }

    private func failure(_ error: ChildProcess.Failure) -> HookOutcome {
        let name = arguments.first ?? ""
        switch error.number {
        case ENOENT: return .refused(reason: "the program \(name) is not installed or not in PATH")
        case EACCES, ENOEXEC, ENOTDIR:
            return .refused(reason: "the program \(name) cannot be started: \(FileFailure(errno: error.number).reason)")
        default:
            return .tryLater(
                after: nil,
                reason: "the program \(name) could not be started: \(FileFailure(errno: error.number).reason)")
        }
    }

    /// Gives it its input and waits for it; kills its group if it takes too long or nobody wants it any more.
    ///
    /// - Parameter output: the other end of its input; is closed.
    /// - Returns: how it ended, as `waitpid` has it; `nil` if it was killed.
    private func end(of process: pid_t, writing input: [UInt8], to output: Int32) async -> Int32? {
        let deadline = ContinuousClock.now + timeout
        var rest = input[...]
        var isOpen = true
        defer { if isOpen { close(output) } }
        var pause = Duration.milliseconds(2)
        var status: Int32 = 0
        while true {
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                // It is full: the rest when there is room.
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            if rest.isEmpty, isOpen {
                close(output)
                isOpen = false
            }
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status }
            let left = deadline - .now
            guard left > .zero, (try? await ContinuousClock().sleep(for: min(pause, left))) != nil else { break }
            pause = min(pause * 2, .milliseconds(isOpen ? 10 : 100))
        }
        kill(-process, SIGKILL)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return nil
    }
}
