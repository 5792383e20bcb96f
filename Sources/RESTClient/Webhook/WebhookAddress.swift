/// A URL that webhooks are sent to. Its path or query may be a token, so that it is shown without them.
package struct WebhookAddress: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Whether TLS is spoken. Without, the host is this machine.
    package let isSecure: Bool
    /// The host name in lower case, or an IP address; IPv6 without brackets.
    let host: String
    /// The port. Default: 443, or 80 without TLS.
    let port: Int
    /// Path and query as they are asked for.
    let path: String

    /// Reads and checks a URL.
    ///
    /// - Throws: ``TargetError``, without the URL's path and query, for anything but `https`, or `http` to this machine;
    ///   for a user or a password or a fragment in the URL; for a host or a port that cannot be.
    package init(_ url: String) throws(TargetError) {
        func refuse(_ why: String) -> TargetError { TargetError("the URL of the webhook \(why)") }
        guard let separator = url.firstRange(of: "://") else {
            throw refuse("has no scheme: it begins with https://")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw refuse("is of a kind that is not spoken: only https, and http to this machine")
        }
        isSecure = scheme == "https"
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw refuse("holds a user or a password before an @: no such is sent; put a token into the path")
        }
        guard let (host, port) = ServiceAddress.split(authority) else {
            throw refuse("has no host where one should be, such as https://hooks.example.com/…")
        }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        guard isSecure || ServiceAddress.isLoopback(host) else {
            throw refuse("is http to \(host): plain http is spoken only to this machine; write https://")
        }
        let target = rest[authority.endIndex...]
        // What is not allowed in a request's first line could begin another request.
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw refuse("has characters in its path or query that must be percent-encoded")
        }
        guard !target.contains("#") else {
            throw refuse("holds a fragment, which is sent to no server: leave out # and what follows")
        }
        path = target.hasPrefix("/") ? String(target) : "/\(target)"
    }

    /// Scheme and host, and the port if it is not the scheme's own.
    package var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// As ``description``.
    package var debugDescription: String { description }

    /// Nothing is found by looking inside.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Host and port as they stand in a URL.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
