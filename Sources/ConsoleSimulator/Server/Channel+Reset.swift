internal import NIOCore
internal import NIOSSL

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Channel {
    /// Breaks the connection: the other side sees a TCP reset, not an orderly end, under TLS too.
    func reset() async {
        if let options = self as? any SocketOptionProvider {
            try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        let closed = self.eventLoop.flatSubmit {
            let promise = self.eventLoop.makePromise(of: Void.self)
            // Closing below the TLS handler keeps it from saying goodbye.
            if let context = try? self.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
                context.close(mode: .all, promise: promise)
            } else {
                self.close(mode: .all, promise: promise)
            }
            return promise.futureResult
        }
        try? await closed.get()
    }
}
