/// What the simulation needs of an HTTP request.
struct SimulatedRequest: Sendable, Hashable {
    var method = "GET"
    /// The path as it was sent, percent-encoded, without the query.
    var path: String
    /// The query as it was sent, without `?`.
    var query = ""
    var authorization: String?
    /// The console's second factor.
    var token: String?
    var xpanseKeyID: String?
    var nonce: String?
    var timestamp: String?
    var body: [UInt8] = []
}
