import Foundation
import Glibc
import TerminalTesting

/// A shell at a terminal, which carries out blocks.
///
/// The terminal is that of the shell's session, as a person's is: programs ask there, and Ctrl-C reaches what runs.
final class PageShell: Sendable {
    /// How a block went.
    struct Outcome: Sendable {
        /// What it has shown.
        var lines: [String]
        /// The command that failed, if one did.
        var failure: String?
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a block may take on a slow machine.
    private static let patience: Duration = .seconds(120)

    private let terminal: PseudoTerminal
    private let commands: Int32
    private let process: pid_t

    /// - Parameter environment: its variables, and no others.
    init(environment: [String: String], folder: String) throws {
        terminal = try PseudoTerminal(columns: 700, rows: 50)
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Fault(description: "no socket: " + String(cString: strerror(errno)))
        }
        commands = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // What a new session opens first becomes its terminal.
        posix_spawn_file_actions_addopen(&actions, 0, "/proc/self/fd/\(terminal.slave)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        posix_spawn_file_actions_adddup2(&actions, ends[0], 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let newSession: Int32 = 0x80
        posix_spawnattr_setflags(
            &attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let script = Page.repository + "/Tests/DocumentationTests/page.bash"
        let arguments = ["/usr/bin/env", "--chdir=\(folder)", "bash", "--norc", "--noprofile", script]
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var started: pid_t = 0
        let code = posix_spawn(&started, "/usr/bin/env", &actions, &attributes, &words, &variables)
        close(ends[0])
        guard code == 0 else {
            close(ends[1])
            terminal.hangUp()
            throw Fault(description: "no shell: " + String(cString: strerror(code)))
        }
        process = started
    }

    /// Carries a script out.
    ///
    /// - Parameters:
    ///   - script: its path.
    ///   - transcript: what is typed meanwhile.
    ///   - password: what is typed where a password is asked for.
    ///   - staysOpen: whether it is left to itself once it shows what the transcript says.
    func run(
        _ script: String, transcript: Transcript?, password: String?, staysOpen: Bool = false,
        shown: @Sendable ([String]) -> [String]
    ) async throws -> Outcome {
        let begin = terminal.rows.count { $0 == "═══ begins" }
        let line = Array((script + "\n").utf8)
        guard write(commands, line, line.count) == line.count else { throw Fault(description: "the shell has ended") }
        var inputs = (transcript?.inputs ?? [])[...]
        /// How many lines stood there when something was typed last.
        var typedAt = -1
        var seen = -1
        var left: [String]?
        let end = ContinuousClock.now + Self.patience
        var lines: [String] = []
        while ContinuousClock.now < end {
            let received = terminal.received
            if received == seen {
                guard isAlive else { throw Fault(description: "the shell has ended:\n\(text(lines))") }
                try await Task.sleep(for: .milliseconds(10))
                continue
            }
            seen = received
            let rows = terminal.rows
            let starts = rows.indices.filter { rows[$0] == "═══ begins" }
            guard starts.count > begin else { continue }
            lines = shown(Array(rows[(starts[begin] + 1)...]))
            if lines.last == "═══ ended" {
                lines.removeLast()
                if let input = inputs.first {
                    throw Fault(description: "nobody asked for '\(input.keys)':\n\(text(lines))")
                }
                let failure = (try? String(contentsOfFile: script + ".failure", encoding: .utf8)) ?? "no end"
                return Outcome(lines: left ?? lines, failure: failure.isEmpty ? nil : failure)
            }
            if let input = inputs.first, lines.count - 1 > typedAt, isAsked(for: input, lines) {
                typedAt = lines.count - 1
                inputs.removeFirst()
                terminal.send(input.keys)
            } else if let password, lines.count - 1 > typedAt, lines.last?.hasSuffix("assword:") == true {
                typedAt = lines.count - 1
                terminal.send(password + "\r")
            } else if transcript == nil, lines.count - 1 > typedAt, let keys = Transcript.usualAnswer(to: lines.last) {
                typedAt = lines.count - 1
                terminal.send(keys)
            } else if left == nil, inputs.isEmpty, let transcript, transcript.isLeftOpen, transcript.matches(lines) {
                // A session that the page does not leave.
                left = lines
                terminal.send("\u{4}")
            } else if staysOpen, inputs.isEmpty, transcript?.matches(lines) != false, !lines.isEmpty {
                return Outcome(lines: lines, failure: nil)
            }
        }
        throw Fault(description: "it has not come to an end; the terminal shows:\n\(text(lines))")
    }

    private func isAsked(for input: Transcript.Input, _ lines: [String]) -> Bool {
        guard !input.prompt.isEmpty else { return Transcript.matches(input.after, lines) }
        return lines.last.map { Transcript.isLike(input.prompt, Transcript.words($0)) } == true
    }

    private func text(_ lines: [String]) -> String { lines.joined(separator: "\n") }

    /// Ends it and all that it has started.
    func end() async {
        close(commands)
        for signal in [SIGTERM, SIGKILL] {
            for member in Self.living(in: process) { kill(member, signal) }
            let patience = ContinuousClock.now + .seconds(signal == SIGKILL ? 60 : 10)
            while ContinuousClock.now < patience, !Self.living(in: process).isEmpty {
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        // Its id was its own until now.
        var status: Int32 = 0
        waitpid(process, &status, WNOHANG)
        terminal.hangUp()
    }

    /// Whether the shell has not ended; its id stays its own until it is taken away.
    private var isAlive: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
    }

    /// The processes of a session that have not ended.
    private static func living(in session: pid_t) -> [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { member in
            guard getsid(member) == session,
                let state = try? String(contentsOfFile: "/proc/\(member)/stat", encoding: .utf8),
                let name = state.lastIndex(of: ")")
            else { return false }
            return !state[state.index(after: name)...].hasPrefix(" Z")
        }
    }
}
