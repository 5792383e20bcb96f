import Glibc

/// A program of the operator's that is told of an event: JSON on its standard input.
///
/// The end of what it prints is kept for the log. It is the leader of a process group, which is killed with it if it takes
/// too long. What it leaves running when it ends in time is left alone, but nobody reads what that prints.
struct HookProgram: Sendable {
    /// The variables that it gets, if they are set; and those whose names begin with `LC_`.
    static let passedOn: Set = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER", "LOGNAME", "XDG_RUNTIME_DIR"]

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

    /// The variables that say where things are, and of which language and time: any other one may hold a secret, as the
    /// configuration can name each.
    static func reduced(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in passedOn.contains(name) || name.hasPrefix("LC_") }
    }

    /// Runs it to its end, or until the task is cancelled: then it is killed. The thread is not held up meanwhile.
    ///
    /// - Parameters:
    ///   - variables: more variables for it.
    ///   - input: what it can read.
    func run(_ variables: [String: String], input: [UInt8]) async -> HookReport {
        let name = arguments.first ?? ""
        var ends: [Int32] = [-1, -1], prints: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return Self.noDescriptors(name) }
        // As long as this end is open too, writing to one who does not read is no error, and no signal.
        defer { close(ends[0]) }
        guard pipe(&prints) == 0 else {
            close(ends[1])
            return Self.noDescriptors(name)
        }
        defer { close(prints[0]) }
        for end in ends + prints { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        for end in [ends[1], prints[0]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        let process: pid_t
        do throws(ChildProcess.Failure) {
            defer { close(prints[1]) }
            process = try ChildProcess.start(
                arguments, environment: environment.merging(variables) { $1 }, input: ends[0], output: prints[1],
                errors: prints[1], leadsGroup: true)
        } catch {
            close(ends[1])
            return HookReport(outcome: failure(error))
        }
        var output = HookOutput()
        let status = await end(of: process, writing: input, to: ends[1], reading: prints[0], into: &output)
        // What it printed last; a pipe holds no more than is read at once.
        _ = output.read(from: prints[0])
        guard let status else {
            let why = Task.isCancelled ? "was given up" : "did not end within \(timeout.components.seconds) s"
            return HookReport(
                outcome: .tryLater(after: nil, reason: "the program \(name) \(why) and was killed"),
                printed: output.text)
        }
        guard status != 0 else { return HookReport(outcome: .delivered, printed: output.text) }
        let signal = status & 0x7f
        let how = signal == 0 ? "failed with exit code \(status >> 8 & 0xff)" : "was ended by signal \(signal)"
        return HookReport(
            outcome: .tryLater(after: nil, reason: "the program \(name) \(how)"), printed: output.text)
    }

    private static func noDescriptors(_ name: String) -> HookReport {
        HookReport(
            outcome: .tryLater(after: nil, reason: "no descriptors are left to start the program \(name) with"))
    }

    /// Each may be mended: a script may just be being replaced.
    private func failure(_ error: ChildProcess.Failure) -> HookOutcome {
        let name = arguments.first ?? ""
        let reason =
            error.number == ENOENT
            ? "is not installed or not in PATH" : "could not be started: \(FileFailure(errno: error.number).reason)"
        return .tryLater(after: nil, reason: "the program \(name) \(reason)")
    }

    /// Gives it its input and waits for it; kills its group if it takes too long or nobody wants it any more.
    ///
    /// - Parameters:
    ///   - input: the other end of its input; is closed.
    ///   - prints: the other end of its output.
    /// - Returns: how it ended, as `waitpid` has it; `nil` if it was killed.
    private func end(
        of process: pid_t, writing body: [UInt8], to input: Int32, reading prints: Int32, into output: inout HookOutput
    ) async -> Int32? {
        let deadline = ContinuousClock.now + timeout
        var rest = body[...]
        var isOpen = true
        defer { if isOpen { close(input) } }
        var pause = Duration.milliseconds(2)
        var status: Int32 = 0
        while true {
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                // It is full: the rest when there is room.
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            if rest.isEmpty, isOpen {
                close(input)
                isOpen = false
            }
            if output.read(from: prints) { pause = .milliseconds(2) }
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
