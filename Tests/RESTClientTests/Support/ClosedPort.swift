import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A port of loopback that is taken and on which nothing listens: connections to it are refused, and nobody else gets
/// it.
final class ClosedPort {
    let socket: NIOBSDSocket.Handle
    let port: Int
    private var isOwned = true

    init() throws {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let socket = Self.open(type)
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && getsockname(socket, generic, &length) == 0
            }
        }
        guard status else { throw IOError(errnoCode: errno, reason: "bind") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// The socket, to be closed by whom it is given to.
    func release() -> NIOBSDSocket.Handle {
        isOwned = false
        return socket
    }

    deinit { if isOwned { close(socket) } }

    private static func open(_ type: Int32) -> NIOBSDSocket.Handle {
        #if canImport(Glibc)
            Glibc.socket(AF_INET, type, 0)
        #elseif canImport(Musl)
            Musl.socket(AF_INET, type, 0)
        #else
            Darwin.socket(AF_INET, type, 0)
        #endif
    }
}
