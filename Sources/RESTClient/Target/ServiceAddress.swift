public import Operations

/// Where a service is: the part of its URL before the paths of the operations.
public struct ServiceAddress: Sendable, Hashable, CustomStringConvertible {
    /// Whether TLS is spoken. Without, the host is this machine.
    public let isSecure: Bool
    /// The host name in lower case, or an IP address; IPv6 without brackets.
    public let host: String
    /// The port. Default: 443, or 80 without TLS.
    public let port: Int
    /// What stands before `/api/3` or `/public_api`, for a server behind a reverse proxy: empty or `/console`.
    public let pathPrefix: String

    /// Reads and checks a URL.
    ///
    /// Slashes at the end do not matter. The path of the API itself (`/api/3`, `/public_api/v1`) may be given and is
    /// taken off.
    ///
    /// - Throws: ``TargetError`` for anything but `https`, or `http` to this machine; for a user or a password, a query
    ///   or a fragment in the URL; for a host or a port that cannot be.
    public init(_ url: String, service: Service) throws(TargetError) {
        func refuse(_ why: String) -> TargetError { TargetError("the URL of \(service) \(why)") }
        let text = url.trimmingSpace
        guard !text.isEmpty else { throw refuse("is empty: give one such as https://console.example.com:3780") }
        // The URL is quoted nowhere before this: what stands before an @ may be a password.
        guard !text.contains("@") else {
            throw refuse("holds a user or a password before an @: take them out and set them apart from the URL")
        }
        guard let separator = text.firstRange(of: "://") else {
            throw refuse("is '\(text)', without a scheme: write https://\(text)")
        }
        switch text[..<separator.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw refuse("is '\(text)': only https is spoken, and http to this machine")
        }
        let rest = text[separator.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw refuse("holds a query or a fragment: give only the scheme, the host and the port")
        }
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.split(authority) else {
            throw refuse("has '\(authority)' where host:port should be, such as console.example.com:3780")
        }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        pathPrefix = try Self.prefix(rest[authority.endIndex...], service: service)
        guard isSecure || Self.isLoopback(host) else {
            throw refuse("is '\(text)': credentials go over plain http only to this machine; write https://")
        }
    }

    /// The URL without a slash at its end: `https://console.example.com:3780`.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(pathPrefix)" }

    /// Host and port as they stand in a URL; the port only if it is not the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The two parts of `host:port`; `nil` if it is none.
    static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var port: Int?
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), (1...65535).contains(number),
                digits.utf8.allSatisfy({ $0 < 0x3a && $0 > 0x2f })
            else { return nil }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            let address = host.dropFirst().dropLast().lowercased()
            guard address.contains(":"), address.utf8.allSatisfy(Self.isAddressByte) else { return nil }
            return (address, port)
        }
        let name = host.lowercased()
        guard !name.isEmpty, name.utf8.count <= 253, !name.hasPrefix("."), !name.hasPrefix("-"),
            name.utf8.allSatisfy(Self.isNameByte)
        else { return nil }
        return (name, port)
    }

    private static func prefix(_ path: Substring, service: Service) throws(TargetError) -> String {
        var path = path
        func dropSlashes() { while path.last == "/" { path = path.dropLast() } }
        dropSlashes()
        for own in service == .xpanse ? ["/public_api/v1", "/public_api"] : ["/api/3", "/api"] where path.hasSuffix(own)
        {
            path = path.dropLast(own.count)
            dropSlashes()
            break
        }
        guard path.utf8.allSatisfy({ isNameByte($0) || "/~%".utf8.contains($0) }), !path.contains("..") else {
            throw TargetError("the path in the URL of \(service) has characters that must be percent-encoded")
        }
        return String(path)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// `127.evil.example` is a name, not an address: only four plain numbers count.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension String {
    /// Without white space and line ends at both ends: what is pasted or read from a file often has some.
    fileprivate var trimmingSpace: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
