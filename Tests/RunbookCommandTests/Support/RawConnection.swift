import Dispatch
import Glibc

/// A connection to a server of this machine, byte for byte. It waits on threads that are not the tests'.
final class RawConnection: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// Connects to a port of 127.0.0.1.
    static func open(port: Int) async throws -> RawConnection {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return try await open(AF_INET, address)
    }

    /// Connects to a Unix socket.
    static func open(path: String) async throws -> RawConnection {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return try await open(AF_UNIX, address)
    }

    private static func open<Address: Sendable>(_ family: Int32, _ address: Address) async throws -> RawConnection {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "connection").async {
                continuation.resume(with: Result { try connected(family, address) })
            }
        }
    }

    private static func connected<Address>(_ family: Int32, _ address: Address) throws -> RawConnection {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "socket: \(errno)") }
        let connection = RawConnection(descriptor)
        // No test waits for ever for a server that does not answer.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "connect: \(errno)") }
        return connection
    }

    /// Sends all of it; a server that closes meanwhile does not matter.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Ends what it sends; it can still read.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// All that comes until the server closes.
    func rest() async throws -> String { try await read(atMost: 64 << 10) { _ in false } }

    /// One reply with its body.
    ///
    /// - Parameter isHead: whether the request was HEAD: the reply has no body whatever its headers say.
    func reply(isHead: Bool = false) async throws -> RawReply {
        // One byte at a time: nothing of a next reply is taken.
        let text = try await read(atMost: 1) { RawReply.isWhole($0, isHead: isHead) }
        guard let reply = RawReply(text) else { throw Failure(description: "no reply: \(text.debugDescription)") }
        return reply
    }

    private func read(atMost size: Int, until isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "connection").async { [self] in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: size)
                while size > 1 || !isEnough(String(decoding: bytes, as: UTF8.self)) {
                    let count = recv(descriptor, &buffer, size, 0)
                    if count > 0 { bytes += buffer[..<count] }
                    if count < 0, errno == EINTR { continue }
                    if count < 0, errno != ECONNRESET {
                        return continuation.resume(throwing: Failure(description: "recv: \(errno)"))
                    }
                    if count <= 0 { break }
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// A reply as it came.
struct RawReply: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: String

    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count > 1, first[0] == "HTTP/1.1",
            let status = Int(first[1])
        else { return nil }
        self.status = status
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        body = String(text[end.upperBound...])
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    static func isWhole(_ text: String, isHead: Bool) -> Bool {
        guard let reply = RawReply(text) else { return false }
        return isHead || reply.body.utf8.count >= reply.header("content-length").flatMap { Int($0) } ?? 0
    }
}
