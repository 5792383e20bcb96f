import Glibc

/// Hosts that are this machine, whatever a name server says.
enum LoopbackHost {
    /// Whether it is an address of loopback: `127.0.0.1` and its neighbours, or `::1`.
    static func isAddress(_ text: String) -> Bool {
        var v4 = in_addr()
        // Only four plain numbers: `127.1` and `127.evil.example` are none.
        if inet_pton(AF_INET, text, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
        return withUnsafeBytes(of: v6) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
    }

    /// Whether a request's `Host` names this machine, with or without a port. A page in a browser whose name was made to
    /// lead here (DNS rebinding) sends its own name.
    static func isHost(_ header: String) -> Bool {
        var host = header[...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]"),
            !host[..<colon].contains(":") || host.hasPrefix("[")
        {
            let port = host[host.index(after: colon)...]
            guard port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return false }
            host = host[..<colon]
        }
        let name = host.lowercased()
        if name == "localhost" { return true }
        guard name.hasPrefix("[") else { return !name.contains(":") && isAddress(name) }
        return name.hasSuffix("]") && isAddress(String(name.dropFirst().dropLast()))
    }
}
