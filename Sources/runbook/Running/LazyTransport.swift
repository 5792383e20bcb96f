import Operations
import RESTClient
import Synchronization

/// A transport that is made when the first call is sent: a runbook that calls nothing needs no target, and starts
/// quicker.
final class LazyTransport: Transport {
    private let make: @Sendable () throws(CommandError) -> RESTTransport
    private let made = Mutex<Result<RESTTransport, CommandError>?>(nil)

    init(_ make: @escaping @Sendable () throws(CommandError) -> RESTTransport) { self.make = make }

    /// Why no target could be had, if one was wanted.
    var failure: CommandError? {
        made.withLock { made in
            if case .failure(let error)? = made { return error }
            return nil
        }
    }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        let result = made.withLock { made in
            if let made { return made }
            let result = Result { () throws(CommandError) in try make() }
            made = result
            return result
        }
        switch result {
        case .success(let transport): return try await transport.send(call)
        case .failure(let error): throw APIError(.network, operation: call.operation.name, message: error.message)
        }
    }

    /// Closes the connections, if there are any.
    func shutdown() async {
        let transport = made.withLock { try? $0?.get() }
        await transport?.shutdown()
    }
}
