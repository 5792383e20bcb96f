import Operations
import Testing

@Suite struct ReconciliationTests {
    private static let user: JSONValue = [
        "login": "grace", "name": "Grace", "password": "canary", "email": "g@example.com", "role": ["id": "user"],
    ]

    private func reconciliation(_ user: JSONValue = user) throws -> Reconciliation {
        try #require(Reconciliation(try StubServer.usual.call("users.create", [user])))
    }

    private func page(_ number: Int64, of pages: Int64?, _ logins: [String]) -> OperationReply {
        var page: [String: JSONValue] = ["number": .integer(number), "size": 500]
        if let pages { page["totalPages"] = .integer(pages) }
        let users = logins.map { JSONValue.object(["id": 9, "login": .string($0)]) }
        return OperationReply(body: JSONValue.object(["page": .object(page), "resources": .array(users)]).bytes())
    }

    @Test func onlyCreationsAreFoundByReading() throws {
        for operation in Catalogue.standard.operations {
            let call = OperationCall(checked: operation, arguments: ["id": 7, "user": Self.user])
            #expect((Reconciliation(call) != nil) == (operation.effect == .reconcilable), "\(operation.name)")
        }
    }

    @Test func theNewestUsersAreLookedAtFirst() throws {
        let call = try #require(try reconciliation().page(2, in: .standard))
        let request = try #require(OperationRequest(call))
        #expect(request.target == "/api/3/users?page=2&size=500&sort=id%2CDESC")
        #expect(try reconciliation().page(0, in: Catalogue([])) == nil)
    }

    @Test func theWalkEndsWithTheLoginOrTheLastPage() throws {
        let creation = try reconciliation()
        let found = try creation.found(in: page(0, of: 3, ["ada", "grace"]))
        #expect(found.user?["id"] == 9 && !found.hasMore)
        #expect(try creation.found(in: page(0, of: 3, ["ada"])).hasMore)
        #expect(try !creation.found(in: page(2, of: 3, ["ada"])).hasMore)
        #expect(try !creation.found(in: page(0, of: 3, [])).hasMore)
        #expect(try !creation.found(in: page(0, of: nil, ["ada"])).hasMore)
        #expect(throws: JSONSyntaxError.self) { try creation.found(in: OperationReply(body: [])) }
    }

    @Test(
        arguments: [
            ([:], true), (["name": "Other"], false), (["email": nil], false), (["enabled": false], false),
            (["role": ["id": "site-admin"]], false), (["login": "Grace"], false), (["locked": true], true),
        ] as [(JSONValue, Bool)])
    func theSameUserHasWhatWasGiven(_ difference: JSONValue, _ isSame: Bool) throws {
        let theirs: JSONValue = [
            "id": 9, "login": "grace", "name": "Grace", "email": "g@example.com", "enabled": true,
            "role": ["id": "user", "name": "User"],
        ]
        let user = try #require(theirs.objectValue).merging(difference.objectValue ?? [:]) { $1 }
        #expect(try reconciliation().isSame(.object(user)) == isSame)
    }

    @Test func theAnswerIsTheConsolesOwn() throws {
        let reply = try reconciliation().reply(for: ["id": 9, "login": "grace"])
        #expect(reply.status == 201)
        #expect(try JSONValue(parsing: reply.body)["id"] == 9)
    }
}
