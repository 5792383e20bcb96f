import CommandSupport
import Glibc

/// Where the status server listens: on loopback, or at a Unix socket. What it tells is told to whoever asks, so that
/// nothing else is to be had.
enum StatusAddress: Sendable, Hashable, CustomStringConvertible {
    /// An address of loopback, IPv6 without brackets; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A socket in the file system, by its absolute path.
    case unix(path: String)

    /// The longest path that fits a socket's address, in bytes.
    private static let maximumPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Reads `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, `:9464`, which is `127.0.0.1` too, or `unix:/path`.
    ///
    /// - Throws: ``CommandError`` for anything else, and for an address that others can reach.
    init(_ text: String) throws(CommandError) {
        func refuse(_ why: String) -> CommandError {
            CommandError("the address '\(text.shown)' of the status page \(why)")
        }
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.contains("\0") else {
                throw refuse("names no socket: write unix: and its whole path, from / on")
            }
            guard path.utf8.count <= Self.maximumPath else {
                throw refuse(
                    "is too long: the system allows \(Self.maximumPath) bytes for a socket's path, and it has "
                        + "\(path.utf8.count). Choose a folder nearer to /, such as /run/runbook")
            }
            self = .unix(path: String(path))
            return
        }
        let example = "write 127.0.0.1:9464, [::1]:9464 or unix:/run/runbook/status.sock"
        guard let colon = text.lastIndex(of: ":"), text[text.index(after: colon)...].utf8.allSatisfy(Self.isDigit),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else { throw refuse("has no port: \(example)") }
        let host = text[..<colon].lowercased()
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard host == bare ? !host.contains(":") : true else {
            throw refuse("needs brackets around its IPv6: \(example)")
        }
        switch bare {
        case "", "localhost": self = .tcp(host: "127.0.0.1", port: port)
        case _ where LoopbackHost.isAddress(bare): self = .tcp(host: bare, port: port)
        default:
            throw refuse(
                "is not of this machine alone, and the metrics are not authenticated, so that they are served on loopback or "
                    + "at a Unix socket only: \(example). Where others must read them, put a reverse proxy in front that "
                    + "knows who they are")
        }
    }

    /// As ``init(_:)`` takes it.
    var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
