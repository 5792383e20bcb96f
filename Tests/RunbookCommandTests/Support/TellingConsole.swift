import Dispatch
import Glibc
import Operations
import Synchronization

/// Stands before a simulator, and tells what no server should tell: it answers passwords, repeats credentials and bodies in
/// its refusals, in every escape, and remembers what it was sent.
final class TellingConsole: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: [UInt8]

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    }

    struct Reply: Sendable {
        var status: Int
        var body: [UInt8]
    }

    struct SocketError: Error {
        let code = errno
    }

    /// What is answered instead of the simulator, or made of its answer.
    typealias Teller = @Sendable (_ request: Request, _ pass: () throws -> Reply) throws -> Reply

    /// Where it listens.
    let port: UInt16
    private let listener: Int32
    private let upstream: UInt16
    private let teller: Teller

    var url: String { "http://127.0.0.1:\(port)" }

    /// Listens until ``close()``.
    init(before upstream: UInt16, _ teller: @escaping Teller) throws {
        self.upstream = upstream
        self.teller = teller
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = Self.address(0), length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { throw SocketError() }
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue(label: "telling console").async { [self] in accept() }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    // MARK: Connections

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            if connection < 0, errno == EINTR { continue }
            guard connection >= 0 else { return }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            DispatchQueue(label: "telling connection").async { [self] in
                serve(connection)
                Glibc.close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        var rest: [UInt8] = []
        while let message = Self.read(connection, &rest) {
            let words = message.first.split(separator: " ").map(String.init)
            guard words.count == 3 else { return }
            let request = Request(method: words[0], path: words[1], headers: message.headers, body: message.body)
            guard let reply = try? teller(request, { try self.pass(request) }) else { return }
            let head =
                "HTTP/1.1 \(reply.status) Told\r\nContent-Type: application/json\r\nContent-Length: \(reply.body.count)\r\n\r\n"
            guard Self.write(Array(head.utf8) + reply.body, to: connection) else { return }
        }
    }

    /// What the simulator answers.
    private func pass(_ request: Request) throws -> Reply {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { Glibc.close(connection) }
        var address = Self.address(upstream)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        var head = "\(request.method) \(request.path) HTTP/1.1\r\n"
        for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
        var rest: [UInt8] = []
        guard isConnected, Self.write(Array((head + "\r\n").utf8) + request.body, to: connection),
            let message = Self.read(connection, &rest),
            let status = message.first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw SocketError() }
        return Reply(status: status, body: message.body)
    }

    private struct Message {
        let first: String
        let headers: [String: String]
        let body: [UInt8]
    }

    /// The next message; `nil` at the end.
    private static func read(_ connection: Int32, _ rest: inout [UInt8]) -> Message? {
        var end: Int?
        while end == nil {
            end = rest.indices.dropLast(3).first { rest[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
            if end == nil, !more(connection, &rest) { return nil }
        }
        guard let end else { return nil }
        let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while rest.count < end + 4 + length {
            guard more(connection, &rest) else { return nil }
        }
        let body = Array(rest[(end + 4)..<(end + 4 + length)])
        rest.removeFirst(end + 4 + length)
        return Message(first: lines.first.map(String.init) ?? "", headers: headers, body: body)
    }

    private static func more(_ connection: Int32, _ bytes: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(connection, &chunk, chunk.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        bytes += chunk[..<count]
        return true
    }

    private static func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
