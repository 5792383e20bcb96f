import Operations
import Testing

@Suite("Secrets")
struct SecretsTests {
    let catalogue = Catalogue.standard
    let clear = "Tr0ub4dor&3"

    /// All the ways in which a value is commonly shown.
    private func shown(_ value: some Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value)" + String(describing: value) + String(reflecting: value) + dumped
    }

    @Test("a secret shows as ‹secret› in every way")
    func secretValue() {
        let secret = SecretValue(clear)
        #expect(!shown(secret).contains(clear))
        #expect("\(secret)" == "‹secret›")
        #expect(secret.reveal() == clear)
        #expect(!shown(JSONValue.secret(secret)).contains(clear))
        #expect(!shown(["a": JSONValue.array([.secret(secret)])]).contains(clear))
        #expect(JSONValue.secret(secret).text == #""‹secret›""#)
        #expect(JSONValue.array([.secret(secret)]).prettyText == "[\n  \"‹secret›\"\n]")
        #expect(
            String(decoding: JSONValue.secret(secret).bytes(revealingSecrets: true), as: UTF8.self) == "\"\(clear)\"")
    }

    @Test("a plain string is sealed where a secret is due")
    func sealing() throws {
        let bound = try catalogue.bind("users.reset_password", 7, .string(clear))
        #expect(bound["password"] == .secret(SecretValue(clear)))
        let token = try catalogue.bind("twofa.set", 7, .secret(SecretValue(clear)))
        #expect(token["token"] == .secret(SecretValue(clear)))
        let user: JSONValue = ["login": "mm", "name": "M", "password": .string(clear), "role": ["id": "user"]]
        #expect(try catalogue.bind("users.create", user)["user"]?["password"] == .secret(SecretValue(clear)))
    }

    @Test("only the request's body holds a secret in clear, and neither call nor request shows it")
    func onlyInTheBody() throws {
        let operation = try #require(catalogue["users.reset_password"])
        let call = OperationCall(checked: operation, arguments: try operation.bind([7, .string(clear)]))
        #expect(!shown(call).contains(clear))
        let request = try #require(OperationRequest(call))
        #expect(request.bodyText == "\"\(clear)\"")
        let bytes = clear.utf8.map { "\($0)" }
        #expect(!shown(request).contains(clear))
        #expect(!shown(request).contains(bytes.joined(separator: ", ")))
        #expect(request.description == "PUT /api/3/users/7/password with a body of 13 bytes")
    }

    @Test("a reply does not show its body")
    func reply() {
        let reply = OperationReply(body: Array(#"{"key":"\#(clear)"}"#.utf8), attempts: 2)
        #expect(!shown(reply).contains(clear))
        #expect(!shown(reply).contains(clear.utf8.map { "\($0)" }.joined(separator: ", ")))
        #expect("\(reply)" == "status 200, 21 bytes, 2 attempts")
    }

    @Test("an empty secret is refused: it is a variable that nobody set")
    func emptySecret() throws {
        #expect(try catalogue.refusal("twofa.set", 7, "").message.hasPrefix("token must not be empty."))
        #expect(
            try catalogue.refusal("users.reset_password", 7, .secret(SecretValue(""))).message
                .hasPrefix("password must not be empty."))
        #expect(try catalogue.bind("users.reset_password", 7, " ")["password"] == .secret(SecretValue(" ")))
    }

    @Test("a refused call does not quote what may be a secret")
    func refusals() throws {
        for error in [
            try catalogue.refusal("users.get", .string(clear)),
            try catalogue.refusal("users.get", .secret(SecretValue(clear))),
            try catalogue.refusal("roles.get", .secret(SecretValue(clear))),
            try catalogue.refusal("users.create", .string(clear)),
            try catalogue.refusal("users.reset_password", .string(clear), 7),
            try catalogue.refusal("users.reset_password", 7, [.string(clear)]),
        ] {
            #expect(!shown(error).contains(clear))
        }
    }

    @Test("a secret never enters an address")
    func notInTheAddress() throws {
        let operation = Operation(
            "own.op", apiName: "op", endpoint: Endpoint(.console, .get, "/x/{id}"),
            parameters: [
                Parameter("id", .secret, in: .path, documentation: "It."),
                Parameter("q", .secret, in: .query, documentation: "It."),
            ],
            result: .value, effect: .read, capability: "own:read", summary: "Do it")
        let call = OperationCall(checked: operation, arguments: try operation.bind([.string(clear), .string(clear)]))
        #expect(try #require(OperationRequest(call)).target.contains("Tr0ub4dor") == false)
    }

    @Test("a two-factor seed comes back sealed")
    func sealedReply() throws {
        let operation = try #require(catalogue["twofa.regenerate"])
        let value = operation.result.apply(to: ["key": .string(clear), "links": []]).value
        #expect(value == .secret(SecretValue(clear)))
        #expect(!shown(value).contains(clear))
    }
}
