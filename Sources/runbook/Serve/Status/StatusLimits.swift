/// How much the status server bears.
struct StatusLimits: Sendable, Hashable {
    /// Connections at once. One more takes the place of the one that has waited for longest. Default: 32.
    var connections = 32
    /// The first line and the headers of a request together, in bytes. Default: 16 KB.
    var headerBytes = 16 << 10
    /// How long a new connection may take to send its first request. Default: 10 s.
    var firstRequest = Duration.seconds(10)
    /// How long a connection is kept for a next request: longer than Prometheus usually pauses. Default: 90 s.
    var idle = Duration.seconds(90)
    /// How long an answer may take to be made. Default: 10 s.
    var answer = Duration.seconds(10)
    /// How long a client may take to accept the last answer. Default: 10 s.
    var write = Duration.seconds(10)
    /// How long answers under way may take when the server ends. Default: 2 s.
    var grace = Duration.seconds(2)
}
