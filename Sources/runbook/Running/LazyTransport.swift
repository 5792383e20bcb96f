import CommandSupport
import Operations
import RESTClient
import Synchronization

/// A transport that is made when the first call is sent: a runbook that calls nothing needs no target, and starts
/// quicker.
final class LazyTransport: Transport {
    private let make: @Sendable () throws(CommandError) -> RESTTransport
    private let made = Mutex<Result<RESTTransport, CommandError>?>(nil)

    private let inItsWords: @Sendable (String, Service?) -> String

    /// A transport that `make` makes.
    ///
    /// - Parameter inItsWords: puts an error's message in the words of the configuration that the target comes from.
    init(
        inItsWords: @escaping @Sendable (_ message: String, _ service: Service?) -> String,
        _ make: @escaping @Sendable () throws(CommandError) -> RESTTransport
    ) {
        self.inItsWords = inItsWords
        self.make = make
    }

    /// Why no target could be had, if one was wanted.
    var failure: CommandError? {
        made.withLock { made in
            if case .failure(let error)? = made { return error }
            return nil
        }
    }

    /// Whether it was made, or could not be.
    var isMade: Bool { made.withLockIfAvailable { $0 != nil } ?? false }

    /// Makes it now, off the calling thread: a password manager may take its time, and others have work there.
    func prepare() async { await OffThread.run { _ = self.transport() } }

    private func transport() -> Result<RESTTransport, CommandError> {
        made.withLock { made in
            if let made { return made }
            let result = Result { () throws(CommandError) in try make() }
            made = result
            return result
        }
    }

    /// What the target's transport logs in with; nothing before it is made, as nothing was sent then.
    var secrets: [SecretValue] {
        // Whoever asks must not wait for what is being made: a password manager may be asking for a passphrase.
        let made = made.withLockIfAvailable { $0 }
        if case .success(let transport)?? = made { return transport.secrets }
        return []
    }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply { try await send(call) { true } }

    func send(
        _ call: OperationCall, isWanted: @escaping @Sendable () -> Bool
    ) async throws(APIError) -> OperationReply {
        switch transport() {
        case .success(let transport):
            do throws(APIError) { return try await transport.send(call, isWanted: isWanted) } catch {
                var error = error
                error.message = inItsWords(error.message, call.operation.endpoint?.service)
                throw error
            }
        case .failure(let error): throw APIError(.network, operation: call.operation.name, message: error.message)
        }
    }

    /// Closes the connections, if there are any.
    func shutdown() async {
        // What is only being made has none, and may take its time.
        guard case .success(let transport)?? = made.withLockIfAvailable({ $0 }) else { return }
        await transport.shutdown()
    }
}
