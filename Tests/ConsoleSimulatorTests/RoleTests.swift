import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct RoleTests {
    private static func role(_ id: String, _ privileges: [JSONValue] = ["create-reports"]) -> JSONValue {
        ["id": .string(id), "name": "A Role", "description": "For a test", "privileges": .array(privileges)]
    }

    @Test func roleIsMadeChangedAndDeleted() throws {
        var harness = Harness()
        let path = "/api/3/roles/Night%20Shift%2FB"
        #expect(try harness.send("GET", path).status == 404)
        #expect(try harness.send("PUT", path, Self.role("Night Shift/B")).status == 200)
        #expect(try harness.send("GET", path).body["privileges"] == ["create-reports"])
        #expect(try harness.send("PUT", path, Self.role("Night Shift/B", ["manage-advpolicies"])).status == 200)
        #expect(try harness.send("GET", path).body["privileges"] == ["manage-advpolicies"])
        #expect(try harness.send("GET", "/api/3/roles").body["resources"]?.arrayValue?.count == 8)
        #expect(try harness.send("DELETE", path).status == 200)
        #expect(try harness.send("DELETE", path).status == 404)
        #expect(try harness.send("GET", path).status == 404)
        #expect(harness.operations == ["roles.update", "roles.update", "roles.delete"])
    }

    @Test(arguments: [
        JSONValue.null, [], ["name": "n", "description": "d"], ["id": "other", "name": "n", "description": "d"],
        ["id": "new", "name": "n"], ["id": "new", "description": "d"], ["id": "new", "name": 1, "description": "d"],
        ["id": "new", "name": "n", "description": "d", "privileges": "create-reports"],
        ["id": "new", "name": "n", "description": "d", "privileges": ["no-such-privilege"]],
        ["id": "new", "name": "n", "description": "d", "privileges": [1]],
        ["id": "new", "name": ["key": "k"], "description": "d"],
    ])
    func badRoleIsRefused(_ body: JSONValue) throws {
        var harness = Harness()
        #expect(try harness.send("PUT", "/api/3/roles/new", body).status == 400)
        #expect(try harness.send("GET", "/api/3/roles/new").status == 404)
    }

    @Test(arguments: Role.builtIn.map(\.id))
    func builtInRoleStaysAsItIs(_ id: String) throws {
        var harness = Harness()
        let before = try harness.send("GET", "/api/3/roles/\(id)").body
        #expect(try harness.send("PUT", "/api/3/roles/\(id)", Self.role(id)).status == 400)
        #expect(try harness.send("DELETE", "/api/3/roles/\(id)").status == 400)
        #expect(try harness.send("GET", "/api/3/roles/\(id)").body == before)
    }

    @Test func roleInUseCannotBeDeletedUntilItsUsersHaveAnother() throws {
        var harness = Harness(wishes: .init(users: 60))
        let path = "/api/3/roles/Site%20Admin%20Custom"
        let ids = try #require(try harness.send("GET", "\(path)/users").ids)
        try #require(!ids.isEmpty)
        #expect(try harness.send("DELETE", path).status == 400)
        for id in ids {
            let edit: JSONValue = ["login": .string("moved.\(id)"), "name": "Moved", "role": ["id": "user"]]
            #expect(try harness.send("PUT", "/api/3/users/\(id)", edit).status == 200)
        }
        #expect(try harness.send("GET", "\(path)/users").ids == [])
        #expect(try harness.send("DELETE", path).status == 200)
        #expect(
            try harness.send("POST", "/api/3/users", Harness.newUser("late", role: "Site Admin Custom")).status == 400)
    }

    @Test func usersOfRolesAreAllUsersOnce() throws {
        var harness = Harness(wishes: .init(users: 120))
        var ids: [Int64] = []
        for role in harness.simulation.console.roleIDs {
            ids += try harness.send("GET", "/api/3/roles/\(PercentEncoding.encode(role))/users").ids ?? []
        }
        #expect(ids.sorted() == Array(1...121))
        #expect(try harness.send("GET", "/api/3/roles/none/users").status == 404)
    }

    @Test func usersWithAPrivilegeAreThoseOfItsRoles() throws {
        var harness = Harness(wishes: .init(users: 120))
        let ids = try #require(try harness.send("GET", "/api/3/privileges/create-reports/users").ids)
        let expected = harness.simulation.console.ids.ids.filter { id in
            ["security-manager", "site-admin", "user", "Site Admin Custom"]
                .contains(harness.simulation.console.user(id)?.role ?? "")
        }
        #expect(ids == expected.map(Int64.init))
        #expect(try harness.send("GET", "/api/3/privileges/none/users").status == 404)
        #expect(try harness.send("GET", "/api/3/privileges/none").status == 404)
        #expect(try harness.send("GET", "/api/3/privileges/manage-sites").body.objectValue?.keys.sorted() == ["links"])
        #expect(try harness.send("GET", "/api/3/privileges").body["resources"]?.arrayValue?.count == 36)
    }

    @Test func authenticationSourcesHaveTheirUsers() throws {
        var harness = Harness(wishes: .init(users: 120))
        let sources = try #require(
            try harness.send("GET", "/api/3/authentication_sources").body["resources"]?.arrayValue)
        #expect(sources.map { $0["type"] } == ["admin", "normal", "ldap", "kerberos", "saml", "oidc"])
        var ids: [Int64] = []
        for source in sources {
            let path = "/api/3/authentication_sources/\(try #require(source["id"]?.integerValue))"
            #expect(try harness.send("GET", path).body == source)
            ids += try harness.send("GET", "\(path)/users").ids ?? []
        }
        #expect(ids.sorted() == Array(1...121))
        #expect(try harness.send("GET", "/api/3/authentication_sources/9").status == 404)
        #expect(try harness.send("GET", "/api/3/authentication_sources/9/users").status == 404)
    }

    @Test func newestConsolesWriteRoleTextsAsObjects() throws {
        var harness = Harness(settings: .init(writesRoleTextAsObjects: true))
        let read = try harness.send("GET", "/api/3/roles/tier-1-support").body
        #expect(read["name"] == ["key": "role.name", "defaultValue": "Tier 1 Support", "arguments": []])
        #expect(try harness.send("PUT", "/api/3/roles/tier-1-support", read).status == 200)
        #expect(harness.simulation.console.roles["tier-1-support"]?.name == "Tier 1 Support")
    }
}
