import CommandSupport
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import runbook

/// The `runbook` program under way, its output read while it runs.
final class CommandProcess: Sendable {
    /// How it ended.
    struct Outcome: Sendable {
        /// The exit code, or 128 and the signal that ended it, as a shell has it.
        let status: Int32
        let output: String
        let errors: String
    }

    struct SpawnError: Error {
        let reason: String
    }

    /// It wrote everything and ended, and what was waited for was not there.
    struct EndedTooSoon: Error {
        let outcome: Outcome
    }

    private struct State {
        var texts: [[UInt8]] = [[], []]
        var openStreams = 2
        var status: Int32?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The process's id.
    let identifier: pid_t
    private let state = Mutex(State())

    /// No test may hang: a program that takes longer than this is killed, and then fails its test by its status.
    private static let patience: DispatchTimeInterval = .seconds(60)

    /// The program, built in the folder of the tests' own.
    static let program = ConfigurationSources(environment: [:]).programDirectory + "/runbook"

    /// Starts the program with these variables and no others; it reads nothing.
    init(_ arguments: [String], environment: [String: String], directory: String, program: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var readers: [Int32] = [], writers: [Int32] = []
        defer { for descriptor in writers { close(descriptor) } }
        for number in [STDOUT_FILENO, STDERR_FILENO] {
            var ends: [Int32] = [-1, -1]
            // Not for other programs that other tests start meanwhile: they would keep the stream open.
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
                throw SpawnError(reason: String(cString: strerror(errno)))
            }
            readers.append(ends[0])
            writers.append(ends[1])
            posix_spawn_file_actions_adddup2(&actions, ends[1], number)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The thread that starts it may have signals blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // `env` becomes the program, in its place and with its id.
        let launcher = "/usr/bin/env"
        var words = ([launcher, "--chdir=\(directory)", program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, launcher, &actions, &attributes, &words, &variables)
        guard code == 0 else {
            for descriptor in readers { close(descriptor) }
            throw SpawnError(reason: "\(program): " + String(cString: strerror(code)))
        }
        identifier = process
        for (stream, descriptor) in readers.enumerated() {
            DispatchQueue(label: "stream").async { self.read(stream, descriptor) }
        }
        DispatchQueue(label: "end").async { self.reap() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [weak self] in self?.send(SIGKILL) }
    }

    /// Sends a signal, if the program still runs.
    func send(_ signal: Int32) {
        state.withLock { state in
            if state.status == nil { kill(identifier, signal) }
        }
    }

    /// Waits until the program has written this to a stream.
    ///
    /// - Throws: ``EndedTooSoon``.
    func wait(for text: String, on stream: StandardStream = .error) async throws {
        while true {
            let (isThere, isOver) = state.withLock { state in
                let written = String(decoding: state.texts[stream == .output ? 0 : 1], as: UTF8.self)
                return (written.contains(text), state.openStreams == 0 && state.status != nil)
            }
            if isThere { return }
            if isOver { throw EndedTooSoon(outcome: await outcome) }
            await change()
        }
    }

    /// What the program has written so far to its output.
    var output: String { state.withLock { String(decoding: $0.texts[0], as: UTF8.self) } }

    /// How it ended; waits for the end.
    var outcome: Outcome {
        get async {
            while true {
                let outcome = state.withLock { state -> Outcome? in
                    guard state.openStreams == 0, let status = state.status else { return nil }
                    return Outcome(
                        status: status, output: String(decoding: state.texts[0], as: UTF8.self),
                        errors: String(decoding: state.texts[1], as: UTF8.self))
                }
                if let outcome { return outcome }
                await change()
            }
        }
    }

    /// The processes that it has started and that live.
    var children: [pid_t] {
        let entries = (try? LocalProcesses.all()) ?? []
        return entries.filter { LocalProcesses.parent(of: $0) == identifier }
    }

    // MARK: What happens

    /// Waits for anything to happen after the state was last looked at. Whatever came between is seen by the state
    /// itself: the waiter is let go at once if all is over.
    private func change() async {
        let seen = state.withLock { ($0.texts[0].count, $0.texts[1].count, $0.openStreams, $0.status) }
        await withCheckedContinuation { continuation in
            let isSame = state.withLock { state in
                guard seen == (state.texts[0].count, state.texts[1].count, state.openStreams, state.status),
                    state.openStreams > 0 || state.status == nil
                else { return false }
                state.waiters.append(continuation)
                return true
            }
            if !isSame { continuation.resume() }
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func read(_ stream: Int, _ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            update { $0.texts[stream] += buffer[..<count] }
        }
        close(descriptor)
        update { $0.openStreams -= 1 }
    }

    private func reap() {
        var information = siginfo_t()
        // It is left a zombie until its id is given up under the lock that `send` takes.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        update { state in
            var status: Int32 = 0
            waitpid(identifier, &status, 0)
            let signal = status & 0x7f
            state.status = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        }
    }
}

/// The processes of this machine.
enum LocalProcesses {
    static func all() throws -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let process = pid_t(name) { found.append(process) }
        }
        return found
    }

    /// The fourth field of `/proc/PID/stat`; the second is a name in parentheses, which may hold anything.
    static func parent(of process: pid_t) -> pid_t? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 1024)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}
