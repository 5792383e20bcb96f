import Operations
import Testing

@Suite("From call to request")
struct RequestRenderingTests {
    let catalogue = Catalogue.standard

    @Test(
        "a path argument stays one segment, whatever it holds",
        arguments: [
            ("Site Admin Custom", "Site%20Admin%20Custom"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"),
            ("...", "..."), ("a.b-c_d~e", "a.b-c_d~e"), ("é", "%C3%A9"), ("a?b#c", "a%3Fb%23c"), ("100%", "100%25"),
            ("{id}", "%7Bid%7D"), ("a+b&c=d", "a%2Bb%26c%3Dd"), ("😀", "%F0%9F%98%80"), ("a\r\nb", "a%0D%0Ab"),
        ])
    func segments(id: String, encoded: String) throws {
        #expect(try catalogue.request("roles.get", .string(id)).target == "/api/3/roles/\(encoded)")
        #expect(try catalogue.request("roles.users", .string(id)).target == "/api/3/roles/\(encoded)/users")
    }

    @Test("every place of a path is filled with its own argument")
    func places() throws {
        let request = try catalogue.request("users.add_asset_group", 7, 3)
        #expect(request.method == .put)
        #expect(request.service == .console)
        #expect(request.target == "/api/3/users/7/asset_groups/3")
        #expect(request.body == nil)
    }

    @Test("the query holds what was given, in order, lists repeated")
    func query() throws {
        #expect(try catalogue.request("users.page").target == "/api/3/users")
        #expect(try catalogue.request("users.page", ["size": 500, "page": 0]).target == "/api/3/users?page=0&size=500")
        #expect(
            try catalogue.request("users.page", ["sort": ["login,DESC", "id"], "size": 2]).target
                == "/api/3/users?size=2&sort=login%2CDESC&sort=id")
        #expect(try catalogue.request("users.page", ["sort": "login,ASC"]).target == "/api/3/users?sort=login%2CASC")
        #expect(try catalogue.request("users.page", ["sort": []]).target == "/api/3/users")
    }

    @Test("create sends the user")
    func createBody() throws {
        let user: JSONValue = [
            "login": "mm", "name": "Mary \"M\" Major", "password": "p\u{e4}ss", "enabled": false,
            "role": ["id": "user", "allSites": true],
        ]
        let request = try catalogue.request("users.create", user)
        #expect(request.method == .post)
        #expect(request.target == "/api/3/users")
        let body = #"{"enabled":false,"login":"mm","name":"Mary \"M\" Major","password":"päss","#
        #expect(request.bodyText == body + #""role":{"allSites":true,"id":"user"}}"#)
    }

    @Test("update sends the user to its path")
    func updateBody() throws {
        let request = try catalogue.request(
            "users.update", 7, ["login": "mm", "name": "Mary Major", "role": ["id": "user"], "locked": false])
        #expect(request.method == .put)
        #expect(request.target == "/api/3/users/7")
        #expect(request.bodyText == #"{"login":"mm","name":"Mary Major","role":{"id":"user"}}"#)
    }

    @Test("passwords and tokens are JSON strings")
    func stringBodies() throws {
        #expect(try catalogue.request("users.reset_password", 7, "a\"b").bodyText == #""a\"b""#)
        #expect(try catalogue.request("users.reset_password", 7, "x").target == "/api/3/users/7/password")
        #expect(try catalogue.request("twofa.set", 7, "JBSWY3DP").bodyText == #""JBSWY3DP""#)
        #expect(try catalogue.request("twofa.set", 7, "JBSWY3DP").target == "/api/3/users/7/2FA")
    }

    @Test("lists of ids are JSON arrays, empty ones too")
    func listBodies() throws {
        #expect(try catalogue.request("users.set_sites", 7, [3, 1]).bodyText == "[3,1]")
        #expect(try catalogue.request("users.set_sites", 7, []).bodyText == "[]")
        #expect(try catalogue.request("users.set_asset_groups", 7, [2]).bodyText == "[2]")
        #expect(try catalogue.request("users.set_asset_groups", 7, [2]).target == "/api/3/users/7/asset_groups")
    }

    @Test("a role is sent to the path of its id")
    func roleBody() throws {
        let request = try catalogue.request(
            "roles.update", "Site Admin Custom",
            ["id": "Site Admin Custom", "name": "Site", "description": "", "privileges": ["manage-sites"]])
        #expect(request.target == "/api/3/roles/Site%20Admin%20Custom")
        #expect(
            request.bodyText
                == #"{"description":"","id":"Site Admin Custom","name":"Site","privileges":["manage-sites"]}"#)
    }

    @Test(
        "operations without a body send none",
        arguments: Catalogue.standard.operations.filter { $0.endpoint?.body == Endpoint.Body.none })
    func noBody(operation: Operation) throws {
        var arguments: [String: JSONValue] = [:]
        for parameter in operation.parameters where parameter.isRequired {
            arguments[parameter.name] = parameter.type == .identifier ? 7 : "x"
        }
        let request = try #require(OperationRequest(OperationCall(checked: operation, arguments: arguments)))
        #expect(request.body == nil)
        #expect(!request.target.contains("{"))
    }

    @Test("an operation without an endpoint has no request")
    func ownOperation() {
        let operation = Operation(
            "own.op", apiName: "op", endpoint: nil, result: .value, effect: .read, capability: "own:read",
            summary: "Do it")
        #expect(OperationRequest(OperationCall(checked: operation, arguments: [:])) == nil)
    }

    @Test("an argument goes before a constant of the same name")
    func constants() throws {
        let operation = Operation(
            "own.op", apiName: "op",
            endpoint: Endpoint(.xpanse, .post, "/x/", body: .envelope("data", constants: ["a": 1, "b": 2])),
            parameters: [Parameter("b", .identifier, in: .body, isRequired: false, documentation: "It.")],
            result: .value, effect: .read, capability: "own:read", summary: "Do it")
        let given = OperationRequest(OperationCall(checked: operation, arguments: ["b": 3]))
        #expect(given?.bodyText == #"{"data":{"a":1,"b":3}}"#)
        let left = OperationRequest(OperationCall(checked: operation, arguments: [:]))
        #expect(left?.bodyText == #"{"data":{"a":1,"b":2}}"#)
    }
}
