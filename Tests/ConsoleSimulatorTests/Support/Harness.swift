import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

/// A simulation that tests talk to without HTTP, at a time of their own.
struct Harness {
    var simulation: Simulation
    var moment = Timestamp(milliseconds: 1_767_225_600_000)

    init(seed: UInt64 = 1, wishes: DataSet.Wishes = .init(), settings: Simulation.Settings = .init()) {
        simulation = Simulation(seed: seed, wishes: wishes, settings: settings)
    }

    /// A reply with its body as JSON.
    struct Answer {
        let status: Int
        let body: JSONValue
        let reply: SimulatedReply

        var message: String? { body["message"]?.stringValue }
        var ids: [Int64]? { body["resources"]?.arrayValue?.compactMap(\.integerValue) }
    }

    /// Sends a request to the console, as the administrator unless told otherwise.
    mutating func send(
        _ method: String, _ target: String, _ body: JSONValue? = nil, as login: (String, String)? = nil,
        token: String? = nil
    ) throws -> Answer {
        try send(method, target, bytes: body.map { $0.bytes(revealingSecrets: true) } ?? [], as: login, token: token)
    }

    /// Sends a request with any bytes as its body.
    mutating func send(
        _ method: String, _ target: String, bytes: [UInt8], as login: (String, String)? = nil, token: String? = nil
    ) throws -> Answer {
        let administrator = simulation.administrator
        let (user, password) = login ?? (administrator.login, administrator.password)
        var request = SimulatedRequest(method: method, target: target)
        request.authorization = "Basic " + base64("\(user):\(password)")
        request.token = token
        request.body = bytes
        return try answer(request)
    }

    /// Sends a request to Xpanse with a standard key, of the kind given.
    mutating func xpanse(
        _ call: String, _ body: JSONValue?, key kind: XpanseKeys.Kind = .standard
    ) throws -> Answer {
        var request = SimulatedRequest(method: "POST", target: "/public_api/v1/rbac/\(call)")
        request.authorization = simulation.xpanseKeys[kind].key
        request.xpanseKeyID = simulation.xpanseKeys[kind].id
        request.body = body?.bytes() ?? []
        return try answer(request)
    }

    mutating func answer(_ request: SimulatedRequest) throws -> Answer {
        let reply = simulation.answer(request, at: moment)
        let body: JSONValue = reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body)
        return Answer(status: reply.status, body: body, reply: reply)
    }

    /// A body that creates a user.
    static func newUser(_ login: String, role: String = "user", adding more: [String: JSONValue] = [:]) -> JSONValue {
        let user: [String: JSONValue] = [
            "login": .string(login), "name": "New User", "password": "first-Password-1",
            "role": .object(["id": .string(role)]),
        ]
        return .object(user.merging(more) { $1 })
    }

    /// Creates a user and answers its id.
    mutating func create(
        _ login: String, role: String = "user", adding more: [String: JSONValue] = [:]
    ) throws -> Int64 {
        let answer = try send("POST", "/api/3/users", Self.newUser(login, role: role, adding: more))
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(answer.body["id"]?.integerValue)
    }

    /// The first user of the data set that fits.
    func firstUser(where isWanted: (User) -> Bool) throws -> User {
        let users = simulation.console.ids.ids.compactMap(simulation.console.user)
        let found = users.first(where: isWanted)
        return try #require(found)
    }

    /// Operations of the ledger, oldest first.
    var operations: [String] { simulation.ledger.map(\.operation) }
}

extension SimulatedRequest {
    /// A request from a method and a target with its query.
    init(method: String, target: String) {
        let parts = target.split(separator: "?", maxSplits: 1)
        self.init(method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "")
    }
}

/// Base64 of the text, written apart from the decoder that it is to test.
func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bits = text.utf8.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
    var out = ""
    for start in stride(from: 0, to: bits.count, by: 6) {
        let value = (start..<start + 6).reduce(0) { $0 << 1 | ($1 < bits.count ? Int(bits[$1]) : 0) }
        out.append(alphabet[value])
    }
    return out + String(repeating: "=", count: (4 - out.count % 4) % 4)
}
