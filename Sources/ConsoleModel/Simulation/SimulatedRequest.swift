/// What the simulation needs of an HTTP request.
package struct SimulatedRequest: Sendable, Hashable {
    package var method: String
    /// The path as it was sent, percent-encoded, without the query.
    package var path: String
    /// The query as it was sent, without `?`.
    package var query: String
    package var authorization: String?
    /// The console's second factor.
    package var token: String?
    package var xpanseKeyID: String?
    package var nonce: String?
    package var timestamp: String?
    package var body: [UInt8] = []

    /// A request without credentials and without a body.
    package init(method: String = "GET", path: String, query: String = "") {
        self.method = method
        self.path = path
        self.query = query
    }
}
