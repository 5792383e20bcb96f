import LineEditor
import Operations
import RunbookHost
import Synchronization

@testable import runbook

/// A completer with a session, a target and files of its own.
struct ReplCompletionWorld {
    /// A clock that stands still, and whose sleepers sleep until they are cancelled or it is told to wake them.
    final class StillClock: RunClock {
        private struct State {
            var now = Duration.zero
            var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
            var cancelled: Set<Int> = []
            var last = 0
        }

        private let state = Mutex(State())

        func unixMilliseconds() -> Int64 { 0 }
        func monotonic() -> Duration { state.withLock(\.now) }

        func sleep(for duration: Duration) async throws {
            let number = state.withLock { state in
                state.last += 1
                return state.last
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isCancelled = state.withLock { state in
                        guard !state.cancelled.contains(number) else { return true }
                        state.sleepers[number] = continuation
                        return false
                    }
                    if isCancelled { continuation.resume() }
                }
            } onCancel: {
                state.withLock { state in
                    state.cancelled.insert(number)
                    return state.sleepers.removeValue(forKey: number)
                }?.resume()
            }
            try Task.checkCancellation()
        }

        /// How many sleep.
        var sleeping: Int { state.withLock(\.sleepers.count) }

        /// Lets time pass: all who sleep wake.
        func advance(by duration: Duration) {
            let woken = state.withLock { state in
                state.now += duration
                defer { state.sleepers = [:] }
                return Array(state.sleepers.values)
            }
            for continuation in woken { continuation.resume() }
        }
    }

    static let users = [
        TargetName(id: "7", login: "jdoe", name: "Jane Doe"), TargetName(id: "12", login: "adent", name: "Arthur Dent"),
        TargetName(id: "71", login: "o'neil", name: "Óscar O'Neil"),
    ]
    static let roles = [
        TargetName(id: "security-manager", name: "Security Manager"), TargetName(id: "site-admin", name: "Site Admin"),
        TargetName(id: "my role \"x\"", name: "Mine"),
    ]

    /// The session's variables, and those that every session has as the machine tells them.
    static let variables: [String: [(name: String, kind: String)]] = [
        "": [
            ("_", "table"), ("_G", "table"), ("io", "table"), ("list", "table"), ("text", "string"), ("u", "table"),
            ("users", "table"), ("string", "table"), ("warn", "function"),
        ],
        "u": [("a b", "string"), ("id", "number"), ("login", "string"), ("role", "table"), ("act", "function")],
        "u.role": [("id", "string"), ("name", "string")],
        "list": [("n", "number")], "list.1": [("login", "string")],
        "users": [("each", "function"), ("get", "function"), ("mine", "function"), ("unlock", "function")],
    ]

    static func path(_ keys: [PathKey]) -> String {
        keys.map { key in
            switch key {
            case .name(let name): name
            case .index(let index): String(index)
            }
        }.joined(separator: ".")
    }

    static func sources(
        names: [String: [(name: String, kind: String)]] = variables,
        load: @escaping TargetNames.Load = { kind in
            switch kind {
            case .users: users
            case .roles: roles
            case .privileges: [TargetName(id: "manage-sites"), TargetName(id: "manage-tags")]
            case .authenticationSources: [TargetName(id: "3", name: "Corporate LDAP")]
            }
        }
    ) -> CompletionSources {
        let files: [String: [CompletionSources.File]] = [
            "": [
                .init(name: "a.lua", isFolder: false), .init(name: "a.txt", isFolder: false),
                .init(name: "archive", isFolder: true), .init(name: ".hidden.lua", isFolder: false),
                .init(name: "b.csv", isFolder: false),
            ],
            "archive/": [.init(name: "old.lua", isFolder: false)],
        ]
        return CompletionSources(
            catalogue: .standard,
            commands: [
                SessionCommand(name: "help", arguments: "[COMMAND|NAME]", summary: "This list.", text: ""),
                SessionCommand(name: "mode", arguments: "[plan|live]", summary: "The mode.", text: ""),
                SessionCommand(name: "target", arguments: "[NAME]", summary: "The targets.", text: ""),
                SessionCommand(name: "load", arguments: "FILE", summary: "Run a file here.", text: ""),
                SessionCommand(name: "save", arguments: "FILE", summary: "Write the last value.", text: ""),
                SessionCommand(name: "show", arguments: "[RUN]", summary: "A run.", text: ""),
                SessionCommand(name: "json", arguments: "[EXPRESSION]", summary: "As JSON.", text: ""),
                SessionCommand(name: "watch", arguments: "SECONDS [EXPRESSION]", summary: "Again.", text: ""),
                SessionCommand(name: "quit", arguments: "", summary: "Leave.", text: ""),
            ],
            names: { names[path($0)] }, targetNames: TargetNames(clock: StillClock(), load: load),
            targets: { [.init(name: "lab", detail: "https://lab"), .init(name: "prod", detail: "https://prod")] },
            runs: { [.init(name: "r-1f", detail: "succeeded"), .init(name: "r-2a", detail: "failed")] },
            files: { files[$0] })
    }

    /// Completes a text with `‸` in the place of the cursor.
    static func complete(_ text: String, _ completer: ReplCompleter) async -> (text: String, found: Completions?) {
        let parts = text.split(separator: "‸", omittingEmptySubsequences: false)
        let plain = parts.joined()
        return (plain, await completer.complete(plain, cursor: parts[0].utf8.count))
    }
}
