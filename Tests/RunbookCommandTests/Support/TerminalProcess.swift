import Dispatch
import Glibc
import Synchronization
import TerminalTesting

@testable import runbook

/// The `runbook` program at a terminal: keys go in, and a screen comes out.
final class TerminalProcess: Sendable {
    /// What a person sees.
    let terminal: PseudoTerminal
    private let identifier: pid_t
    private let status = Mutex<Int32?>(nil)

    /// Nothing of what was waited for has come.
    struct NotShown: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts the program with these variables and no others, and a terminal of a size.
    init(
        _ arguments: [String], environment: [String: String], directory: String, columns: Int = 100, rows: Int = 40
    ) throws {
        terminal = try PseudoTerminal(columns: columns, rows: rows)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_adddup2(&actions, terminal.slave, number)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A session of its own: what it does to its process group must not reach the tests.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)
        let launcher = "/usr/bin/env"
        var words =
            ([launcher, "--chdir=\(directory)", CommandProcess.program] + arguments).map { strdup($0) } + [nil]
        let all = ["TERM": "xterm-256color", "LANG": "C.UTF-8"].merging(environment) { $1 }
        var variables = all.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, launcher, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw NotShown(description: String(cString: strerror(code))) }
        identifier = process
        DispatchQueue(label: "end").async { self.reap() }
    }

    private func reap() {
        var ended: Int32 = 0
        while waitpid(identifier, &ended, 0) < 0, errno == EINTR {}
        let signal = ended & 0x7f
        status.withLock { $0 = signal == 0 ? (ended >> 8) & 0xff : 128 + signal }
    }

    /// Everything that was shown, a line each.
    var lines: [String] { terminal.rows }

    /// Waits for a text on the screen.
    func wait(for text: String) async throws { try await wait("'\(text)'") { $0.contains { $0.contains(text) } } }

    /// Waits until the screen is as it should be.
    func wait(_ what: String, until isThere: ([String]) -> Bool) async throws {
        guard await terminal.shows(isThere) else {
            throw NotShown(description: "\(what) is not shown:\n" + lines.joined(separator: "\n"))
        }
    }

    /// Types a line and waits for the next prompt, which ends with `> `.
    ///
    /// - Parameter prompt: what the prompt begins with.
    func enter(_ line: String, until prompt: String) async throws {
        let before = lines.count { $0.hasPrefix(prompt) }
        terminal.send(line + "\r")
        try await wait("the prompt after '\(line)'") { lines in
            lines.count { $0.hasPrefix(prompt) } > before && lines.last?.hasPrefix(prompt) == true
                && lines.last?.hasSuffix(">") == true
        }
    }

    /// Types a line, says yes to the question that it asks, and waits for the next prompt.
    func agree(to line: String, until prompt: String) async throws {
        let before = lines.count { $0.contains("[y/N]") }
        terminal.send(line + "\r")
        try await wait("a question after '\(line)'") { $0.count { $0.contains("[y/N]") } > before }
        try await enter("y", until: prompt)
    }

    /// Leaves the pager.
    func leavePager(until prompt: String) async throws {
        terminal.send("q")
        try await wait("the prompt after the pager") { $0.last?.hasPrefix(prompt) == true }
    }

    /// Sends a signal, as Ctrl-C does.
    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Presses keys.
    func press(_ keys: String) { terminal.send(keys) }

    /// How it ended; waits for the end.
    func end() async -> Int32? {
        _ = await eventually { status.withLock { $0 != nil } }
        return status.withLock(\.self)
    }

    /// Ends it in any case.
    func stop() {
        if status.withLock({ $0 == nil }) { kill(identifier, SIGKILL) }
        terminal.hangUp()
    }
}
