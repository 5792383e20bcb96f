import Operations
import Testing

@Suite struct ShadowOverlayTests {
    private func page(_ number: Int64, of pages: Int64, _ users: [JSONValue], total: Int64) -> JSONValue {
        [
            "page": [
                "number": .integer(number), "size": 2, "totalPages": .integer(pages), "totalResources": .integer(total),
            ],
            "resources": .array(users),
        ]
    }

    private func overlaid(_ server: StubServer, _ body: JSONValue) throws -> (ids: [JSONValue], page: JSONValue?) {
        let reply = server.shadow.overlay(
            try server.call("users.page", [["size": 2]]), OperationReply(body: body.bytes()))
        let laid = try JSONValue(parsing: reply.reply.body)
        return ((laid["resources"]?.arrayValue ?? []).map { $0["id"] ?? .null }, laid["page"])
    }

    @Test func theSameBytesStayIfNothingDiffers() throws {
        var server = StubServer.usual
        let odd = OperationReply(status: 200, body: Array("{ \"id\" : 8.0, \"locked\": true }".utf8), attempts: 3)
        let get = try server.call("users.get", [8])
        #expect(server.shadow.overlay(get, odd).reply == odd)
        try server.change("users.unlock", 7)
        #expect(server.shadow.overlay(get, odd).reply == odd)
        #expect(server.shadow.overlay(try server.call("auth_sources.list", []), odd).reply == odd)
    }

    @Test func whatIsNoJSONStays() throws {
        var server = StubServer.usual
        try server.change("users.unlock", 7)
        let page = OperationReply(body: Array("<html>".utf8))
        #expect(server.shadow.overlay(try server.call("users.get", [7]), page).reply == page)
    }

    @Test func attemptsAndUnknownMembersAreKept() throws {
        var server = StubServer.usual
        try server.change("users.unlock", 7)
        var ada = try #require(StubServer.ada.objectValue)
        ada["newer"] = ["x": 1.5]
        let reply = OperationReply(status: 200, body: JSONValue.object(ada).bytes(), attempts: 2)
        let laid = server.shadow.overlay(try server.call("users.get", [7]), reply)
        ada["locked"] = false
        #expect(try JSONValue(parsing: laid.reply.body) == .object(ada))
        #expect(laid.reply.attempts == 2 && !laid.isGuess)
    }

    @Test func createdUsersStandOnTheLastPageOnly() throws {
        var server = StubServer.usual
        let user: JSONValue = ["login": "new", "name": "New", "password": "p", "role": ["id": "user"]]
        let id = try #require(try server.change("users.create", user).placeholder)
        let first = try overlaid(server, page(0, of: 2, [["id": 7], ["id": 8]], total: 3))
        #expect(first.ids == [7, 8] && first.page?["totalResources"] == 4)
        let last = try overlaid(server, page(1, of: 2, [["id": 9]], total: 3))
        #expect(last.ids == [9, .integer(id)])
        let beyond = try overlaid(server, page(2, of: 2, [], total: 3))
        #expect(beyond.ids.isEmpty)
        let none = try overlaid(server, page(0, of: 0, [], total: 0))
        #expect(none.ids == [.integer(id)] && none.page?["totalPages"] == 1)
    }

    @Test func deletedUsersAreMissingAndPagesKeepTheirPlaces() throws {
        var server = StubServer.usual
        try server.change("users.delete", 7)
        let first = try overlaid(server, page(0, of: 2, [["id": 7], ["id": 8]], total: 3))
        #expect(first.ids == [8])
        #expect(first.page?["totalResources"] == 2 && first.page?["totalPages"] == 2)
    }

    @Test func aServerThatDoesNotCountPagesGetsNobodyTwice() throws {
        var server = StubServer.usual
        let user: JSONValue = ["login": "new", "name": "New", "password": "p", "role": ["id": "user"]]
        let id = try #require(try server.change("users.create", user).placeholder)
        let short: JSONValue = ["page": ["number": 1, "size": 2], "resources": [["id": 9]]]
        #expect(try overlaid(server, short).ids == [9, .integer(id)])
        #expect(try overlaid(server, ["page": ["number": 2, "size": 2], "resources": []]).ids.isEmpty)
    }

    @Test func readsOfWhatThePlanDeletedAreNotSent() throws {
        var server = StubServer.usual
        try server.change("users.delete", 7)
        for name in ["users.get", "users.sites", "users.asset_groups", "users.privileges", "twofa.key"] {
            let answer = try #require(server.shadow.answer(to: try server.call(name, [7])))
            let error = try #require(throws: APIError.self) { try answer.answer.get() }
            #expect(error.kind == .notFound && error.operation == name && !answer.isGuess)
            #expect(server.shadow.answer(to: try server.call(name, [8])) == nil)
        }
    }

    @Test func allSitesAreAGuessUntilSomeoneWhoHasThemWasRead() throws {
        var server = StubServer.usual
        var ada = try #require(StubServer.ada.objectValue)
        ada["role"] = ["id": "user", "allSites": true]
        try server.change("users.update", 7, .object(ada))
        let sites = try server.call("users.sites", [7])
        let reply = OperationReply(body: Array("{\"resources\":[1,2]}".utf8))
        #expect(server.shadow.overlay(sites, reply).isGuess)
        var boss = try #require(StubServer.boss.objectValue)
        boss["name"] = "Chief"
        try server.change("users.update", 8, .object(boss))
        let laid = server.shadow.overlay(sites, reply)
        #expect(!laid.isGuess)
        #expect(try JSONValue(parsing: laid.reply.body)["resources"] == [1, 2, 3])
    }

    @Test func addressesOfXpanseThatDifferInCaseAreTwoUsers() throws {
        var server = StubServer.usual
        server.bodies["xpanse.users()"] = [
            "reply": [
                ["user_email": "Ada@example.com", "role_name": "Viewer"],
                ["user_email": "ada@example.com", "role_name": "Investigator"],
            ]
        ]
        let taken = try server.change("xpanse.remove_role", ["ada@example.com"])
        #expect(taken.lines == ["ada@example.com: \"Investigator\" → null"])
        let roles = try server.read("xpanse.users").arrayValue?.map { $0["role_name"] }
        #expect(roles == ["Viewer", .null])
    }
}
