import NIOHTTP1

/// Decides which requests are answered.
struct StatusResponder: Sendable {
    /// Why a request is not.
    struct Refusal: Error {
        let reply: StatusReply
    }

    /// The methods that there are.
    static let allowed = "GET, HEAD"

    /// What there is, such as `/metrics`.
    let paths: [String]
    /// Whether the request must name this machine as its host. At a Unix socket no browser can be led to it.
    let checksHost: Bool
    /// Gives the answer for one of the paths.
    let answer: @Sendable (_ path: String) async -> StatusReply

    static func allows(_ method: HTTPMethod) -> Bool { method == .GET || method == .HEAD }

    /// What a request asks for.
    func path(of head: HTTPRequestHead) -> Result<String, Refusal> {
        func refuse(_ status: Int, _ text: String) -> Result<String, Refusal> {
            .failure(Refusal(reply: StatusReply(text + "\n", status: status)))
        }
        guard head.version.major == 1 else { return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here") }
        let hosts = head.headers["host"]
        guard hosts.count <= 1, hosts.count == 1 || head.version == .http1_0 else {
            return refuse(400, "a request names one host")
        }
        if checksHost, let host = hosts.first, !LoopbackHost.isHost(host) {
            return refuse(421, "this is served to this machine alone, and under its own name: localhost or 127.0.0.1")
        }
        guard Self.allows(head.method) else { return refuse(405, "only \(Self.allowed) are answered here") }
        guard head.uri.hasPrefix("/") else { return refuse(400, "a path begins with /") }
        let path = String(head.uri.prefix { $0 != "?" && $0 != "#" })
        guard paths.contains(path) else {
            return refuse(404, "there is nothing here but " + paths.joined(separator: ", "))
        }
        return .success(path)
    }
}
