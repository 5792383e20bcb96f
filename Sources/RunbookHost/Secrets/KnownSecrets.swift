internal import Operations
internal import Synchronization

/// Every secret that a run has come across so far, for all the places where something leaves it: what it was given, what
/// servers answered and scripts passed on, and what the transport logs in with.
final class KnownSecrets: Sendable {
    private struct State {
        var redactor = Redactor()
        var hasLogin = false
    }

    private let login: @Sendable () -> [SecretValue]
    private let state = Mutex(State())

    /// - Parameter login: what the transport logs in with, once it knows. Default: nothing.
    init(login: @escaping @Sendable () -> [SecretValue] = { [] }) { self.login = login }

    /// Adds every secret in a value.
    func add(_ value: JSONValue) { state.withLock { $0.redactor.add(value) } }

    /// What takes them out of texts.
    var redactor: Redactor {
        state.withLock { state in
            if !state.hasLogin {
                let secrets = login()
                for secret in secrets { state.redactor.add(.secret(secret)) }
                state.hasLogin = !secrets.isEmpty
            }
            return state.redactor
        }
    }
}
