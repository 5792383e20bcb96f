import Operations
import Testing

@Suite struct PredictedChangeTests {
    private static let grace: JSONValue = [
        "login": "grace", "name": "Grace", "password": "canary-password", "role": ["id": "user"],
    ]

    @Test func unlockingShowsTheLock() throws {
        var server = StubServer.usual
        let change = try server.change("users.unlock", 7)
        #expect(change.summary == "unlock user ada (7)")
        #expect(change.target?.json == ["type": "user", "id": "7", "name": "ada"])
        #expect(change.lines == ["locked: true → false"])
        #expect(try change.answer == ["links": []])
        #expect(!change.isConditional && !change.hasNoEffect && change.image == nil)
        #expect(try server.read("users.get", 7)["locked"] == false)
    }

    @Test func unlockingTwiceHasNoEffect() throws {
        var server = StubServer.usual
        try server.change("users.unlock", 7)
        let again = try server.change("users.unlock", 7)
        #expect(again.hasNoEffect && again.changes.isEmpty)
        #expect(server.asked == ["users.get(7)"])
    }

    @Test func unlockingADisabledUserIsRefused() throws {
        var server = StubServer.usual
        var ada = try #require(StubServer.ada.objectValue)
        ada["enabled"] = false
        server.bodies["users.get(7)"] = .object(ada)
        let change = try server.change("users.unlock", 7)
        #expect(try change.answer == "bad_request")
        #expect(change.hasNoEffect && change.changes.isEmpty)
        #expect(try server.read("users.get", 7)["locked"] == true)
    }

    @Test func aUserWhoIsNotThereIsRefusedUnderTheNameOfTheChange() throws {
        var server = StubServer.usual
        let change = try server.change("users.unlock", 99)
        let error = try #require(throws: APIError.self) { try change.reply.get() }
        #expect(error.kind == .notFound && error.status == 404 && error.operation == "users.unlock")
        #expect(change.summary == "unlock user 99")
    }

    @Test func anUpdateShowsAlsoWhatItTakes() throws {
        var server = StubServer.usual
        let change = try server.change("users.update", 7, ["login": "ada", "name": "Ada", "role": ["id": "user"]])
        #expect(change.summary == "update user ada (7): email and sites")
        #expect(change.lines == ["email: \"ada@example.com\" → null", "sites: [1,2] → []"])
        let image = try #require(change.image)
        #expect(image["sites"] == [2, 1] || image["sites"] == [1, 2])
        #expect(image["asset_groups"] == [])
        #expect(image["user"]?["email"] == "ada@example.com" && image["user"]?["links"] == nil)
        #expect(try server.read("users.sites", 7) == [])
        #expect(try server.read("users.get", 7)["email"] == nil)
        #expect(try server.read("users.get", 7)["locked"] == true)
    }

    @Test func aLeftOutEnabledEnables() throws {
        var server = StubServer.usual
        var ada = try #require(StubServer.ada.objectValue)
        ada["enabled"] = false
        server.bodies["users.get(7)"] = .object(ada)
        server.bodies["users.sites(7)"] = ["resources": []]
        ada["enabled"] = nil
        let change = try server.change("users.update", 7, .object(ada))
        #expect(change.summary == "enable user ada (7)")
        #expect(change.lines == ["enabled: false → true"])
    }

    @Test(
        arguments: [
            (["enabled": false], "disable user ada (7)"),
            (["role": ["id": "auditor", "allSites": true]], "update user ada (7): role.id and role.allSites"),
            (["password": "canary-password"], "set the password of user ada (7)"),
            (["name": "Countess", "email": "new@example.com"], "update user ada (7): name and email"),
            ([:], "update user ada (7): nothing differs"),
        ] as [(JSONValue, String)])
    func anUpdateSaysWhatChanges(_ changes: JSONValue, _ summary: String) throws {
        var server = StubServer.usual
        server.bodies["users.sites(7)"] = ["resources": []]
        let user = try #require(StubServer.ada.objectValue).merging(changes.objectValue ?? [:]) { $1 }
        let change = try server.change("users.update", 7, .object(user))
        #expect(change.summary == summary)
        #expect(change.hasNoEffect == (changes == [:]))
    }

    @Test func aNewRoleAloneIsNamedWithTheFormer() throws {
        var server = StubServer.usual
        server.bodies["users.sites(7)"] = ["resources": []]
        server.bodies["roles.get(\"plain\")"] = ["id": "plain", "name": "Plain", "description": "", "privileges": []]
        var ada = try #require(StubServer.ada.objectValue)
        ada["role"] = ["id": "plain"]
        let change = try server.change("users.update", 7, .object(ada))
        #expect(change.summary == "give user ada (7) the role plain instead of user")
        #expect(try server.read("users.get", 7)["role"]?["name"] == "Plain")
        server.bodies["users.privileges(7)"] = ["resources": ["create-reports"]]
        #expect(try server.read("users.privileges", 7) == [])
    }

    @Test(
        arguments: [
            ["id": "none"], ["id": "auditor"], ["id": "auditor", "allAssetGroups": true], ["id": "global-admin"],
        ] as [JSONValue])
    func aRoleThatTheConsoleWouldRefuseIsRefused(_ role: JSONValue) throws {
        var server = StubServer.usual
        server.bodies["roles.get(\"global-admin\")"] = [
            "id": "global-admin", "name": "", "description": "", "privileges": [],
        ]
        let change = try server.change(
            "users.create", ["login": "new", "name": "New", "password": "canary-password", "role": role])
        #expect(try change.answer == "bad_request")
        #expect(change.placeholder == nil)
    }

    @Test func aCreatedUserExistsUnderAPlaceholder() throws {
        var server = StubServer.usual
        let change = try server.change("users.create", Self.grace)
        let id = try #require(change.placeholder)
        #expect(id == Int64(Int32.max))
        #expect(try change.answer == ["id": .integer(id), "links": []])
        #expect(try change.reply.get().status == 201)
        #expect(change.summary == "create user grace with role user")
        #expect(change.target?.json == ["type": "user", "id": "grace", "name": "grace"])
        #expect(change.isReplyGuessed && !change.isConditional)
        #expect(server.shadow.placeholder(id) == "‹new user grace›")
        #expect(server.shadow.placeholder(7) == nil)
        #expect(try server.read("users.get", .integer(id))["login"] == "grace")
        #expect(try server.read("users.sites", .integer(id)) == [])
        #expect(try server.read("users.privileges", .integer(id)) == ["create-reports"])
        #expect(try server.read("roles.users", "user") == [7, 8, .integer(id)])
        #expect(try server.read("twofa.key", .integer(id)) == .null)
        let next = try server.change(
            "users.create", ["login": "h", "name": "H", "password": "p", "role": ["id": "user"]])
        #expect(next.placeholder == id - 1)
    }

    @Test func whatIsDoneToACreatedUserIsConditional() throws {
        var server = StubServer.usual
        let id = try #require(try server.change("users.create", Self.grace).placeholder)
        let grant = try server.change("users.add_site", .integer(id), 3)
        #expect(grant.isConditional)
        #expect(grant.summary == "give site 3 to user grace (new)")
        #expect(try server.read("users.sites", .integer(id)) == [3])
        let named = try server.change(
            "roles.update", "r", ["id": "r", "name": .string("of \(id)"), "description": "", "privileges": []])
        #expect(named.isConditional)
        #expect(try !server.change("users.unlock", 7).isConditional)
        try server.change("users.delete", .integer(id))
        let error = try #require(throws: APIError.self) { try server.read("users.get", .integer(id)) }
        #expect(error.kind == .notFound && error.operation == "users.get")
    }

    @Test func aLoginThatThePlanHasGivenIsTaken() throws {
        var server = StubServer.usual
        let id = try #require(try server.change("users.create", Self.grace).placeholder)
        let again = try server.change("users.create", Self.grace)
        #expect(try again.answer == "bad_request")
        #expect(again.isConditional, "nobody can read who has a login")
        var ada = try #require(StubServer.ada.objectValue)
        ada["login"] = "grace"
        #expect(try server.change("users.update", 7, .object(ada)).answer == "bad_request")
        try server.change("users.delete", .integer(id))
        #expect(try server.change("users.update", 7, .object(ada)).reply.get().status == 200)
        #expect(try server.change("users.create", Self.grace).answer == "bad_request")
    }

    @Test func accessIsShownAsItWasAndWillBe() throws {
        var server = StubServer.usual
        let add = try server.change("users.add_site", 7, 5)
        #expect(add.summary == "give site 5 to user ada (7)" && add.lines == ["sites: [1,2] → [1,2,5]"])
        #expect(add.image == ["sites": [1, 2]])
        let remove = try server.change("users.remove_site", 7, 1)
        #expect(remove.summary == "take site 1 from user ada (7)" && remove.lines == ["sites: [1,2,5] → [2,5]"])
        let replace = try server.change("users.set_sites", 7, [4, 3, 4])
        #expect(replace.summary == "let user ada (7) have sites 3 and 4 and no others")
        let all = try server.change("users.remove_all_sites", 7)
        #expect(all.summary == "take all sites from user ada (7)" && all.lines == ["sites: [3,4] → []"])
        #expect(try server.change("users.remove_all_sites", 7).hasNoEffect)
        let group = try server.change("users.add_asset_group", 7, 9)
        #expect(group.summary == "give asset group 9 to user ada (7)" && group.lines == ["asset_groups: [] → [9]"])
        #expect(server.asked == ["users.sites(7)", "users.get(7)", "users.asset_groups(7)"])
    }

    @Test func whoHasAllSitesCannotBeGivenOne() throws {
        var server = StubServer.usual
        #expect(try server.change("users.add_site", 8, 5).answer == "bad_request")
        #expect(try server.change("users.set_sites", 8, [5]).hasNoEffect)
        #expect(try server.read("users.sites", 8) == [1, 2, 3])
    }

    @Test func seedsAreSecretAndNewOnesUnknown() throws {
        var server = StubServer.usual
        server.bodies["twofa.key(7)"] = ["key": "OLD", "links": []]
        let change = try server.change("twofa.regenerate", 7)
        #expect(change.summary == "make a new two-factor seed for user ada (7)")
        #expect(change.lines == ["two_factor_seed: null → \"‹secret›\""])
        #expect(change.isReplyGuessed && !change.isConditional)
        let seed = try server.read("twofa.key", 7)
        guard case .secret(let secret) = seed else {
            Issue.record("the seed is \(seed.kindName)")
            return
        }
        #expect(secret.reveal() == "‹new two-factor seed 1 of user 7›")
        #expect(try server.change("twofa.set", 8, seed).isConditional)
        let set = try server.change("twofa.set", 7, "CANARY")
        #expect(!set.isConditional && set.summary == "set the two-factor seed of user ada (7)")
        #expect(try server.read("twofa.key", 7) == .secret(SecretValue("CANARY")))
    }

    @Test func nothingThatPeopleReadHoldsASecret() throws {
        var server = StubServer.usual
        var changes = [try server.change("users.create", Self.grace)]
        var ada = try #require(StubServer.ada.objectValue)
        ada["password"] = "canary-password"
        changes.append(try server.change("users.update", 7, .object(ada)))
        changes.append(try server.change("users.reset_password", 7, "canary-password"))
        changes.append(try server.change("twofa.set", 7, "canary-password"))
        for change in changes {
            let shown = [change.summary, JSONValue.array(change.changes.map(\.json)).text, change.image?.text ?? ""]
            #expect(!shown.joined().contains("canary"))
            var dumped = ""
            dump(change, to: &dumped)
            #expect(!dumped.contains("canary"))
            #expect(change.changes.contains { $0.after == .string(SecretValue.redacted) })
        }
        var dumped = ""
        dump(server.shadow, to: &dumped)
        #expect(!dumped.contains("canary"))
    }

    @Test func aRoleIsCreatedChangedAndDeleted() throws {
        var server = StubServer.usual
        let role: JSONValue = [
            "id": "tier 3", "name": "Tier 3", "description": "Third", "privileges": ["create-reports"],
        ]
        let create = try server.change("roles.update", "tier 3", role)
        #expect(create.summary == "create role tier 3" && create.image == ["role": nil])
        #expect(
            create.lines == [
                "name: null → \"Tier 3\"", "description: null → \"Third\"", "privileges: null → [\"create-reports\"]",
            ])
        #expect(try server.read("roles.get", "tier 3")["name"] == "Tier 3")
        #expect(
            try server.change("roles.update", "tier 3", role).summary
                == "change role tier 3: nothing differs")
        let delete = try server.change("roles.delete", "tier 3")
        #expect(delete.summary == "delete role tier 3" && delete.changes.count == 3)
        #expect(throws: APIError.self) { try server.read("roles.get", "tier 3") }
    }

    @Test func aChangedRoleChangesItsUsers() throws {
        var server = StubServer.usual
        server.bodies["roles.users(\"auditor\")"] = ["resources": [7]]
        let role: JSONValue = [
            "id": "auditor", "name": "Auditor", "description": "Audits", "privileges": ["create-reports"],
        ]
        let change = try server.change("roles.update", "auditor", role)
        #expect(change.summary == "change role auditor, which 1 user has: privileges")
        #expect(change.lines == ["privileges: [\"create-reports\",\"manage-sites\"] → [\"create-reports\"]"])
        server.bodies["users.privileges(7)"] = ["resources": ["manage-sites", "create-reports"]]
        #expect(try server.read("users.privileges", 7) == ["create-reports"])
        server.bodies["privileges.users(\"manage-sites\")"] = ["resources": [7, 9]]
        #expect(try server.read("privileges.users", "manage-sites") == [9])
    }

    @Test(
        arguments: [
            ["id": "auditor", "name": "A", "description": "", "privileges": ["mistyped"]],
            ["id": "other", "name": "A", "description": "", "privileges": []],
        ] as [JSONValue])
    func aRoleThatCannotBeIsRefused(_ role: JSONValue) throws {
        var server = StubServer.usual
        #expect(try server.change("roles.update", "auditor", role).answer == "bad_request")
    }

    @Test func builtInRolesAndRolesInUseStay() throws {
        var server = StubServer.usual
        let role: JSONValue = ["id": "user", "name": "A", "description": "", "privileges": []]
        #expect(try server.change("roles.update", "user", role).answer == "bad_request")
        #expect(try server.change("roles.delete", "user").answer == "bad_request")
        server.bodies["roles.users(\"auditor\")"] = ["resources": [7]]
        let inUse = try server.change("roles.delete", "auditor")
        let error = try #require(throws: APIError.self) { try inUse.reply.get() }
        #expect(error.message == "The role auditor is assigned to 1 users and cannot be deleted.")
        #expect(try server.change("roles.delete", "none").answer == "not_found")
    }

    @Test func xpanseCountsWhoChanges() throws {
        var server = StubServer.usual
        let change = try server.change("xpanse.set_role", ["ada@EXAMPLE.com", "bob@example.com"], "Viewer")
        #expect(change.summary == "give the Xpanse role Viewer to ada@EXAMPLE.com and bob@example.com")
        #expect(change.lines == ["bob@example.com: null → \"Viewer\""])
        #expect(try change.answer == ["reply": ["update_count": 1]])
        #expect(change.image == ["xpanse": ["Ada@example.com": "Viewer", "bob@example.com": nil]])
        #expect(!change.isReplyGuessed)
        #expect(
            try server.read("xpanse.users").arrayValue?.map { $0["role_name"] ?? .null } == [
                "Viewer", "Viewer", "Account Admin",
            ])
        #expect(
            try server.read("xpanse.roles", ["Viewer"]).arrayValue?.first?["users"] == [
                "Ada@example.com", "bob@example.com",
            ])
        let remove = try server.change("xpanse.remove_role", ["ada@example.com"])
        #expect(remove.summary == "take the Xpanse role from ada@example.com")
        #expect(remove.lines == ["Ada@example.com: \"Viewer\" → null"])
        #expect(try server.change("xpanse.remove_role", ["ada@example.com"]).hasNoEffect)
        #expect(
            server.asked.filter { $0 == "xpanse.users()" }.count == 2, "one for all predictions, one for the script")
    }

    @Test func xpanseRefusesWhatItSurelyRefuses() throws {
        var server = StubServer.usual
        #expect(try server.change("xpanse.set_role", ["bob@example.com"], "Account Admin").answer == "forbidden")
        server.failures["xpanse.roles([\"Typo\"])"] = APIError(
            .unavailable, status: 500, operation: "xpanse.roles",
            message: "the server failed: Role 'Typo' was not found")
        let typo = try server.change("xpanse.set_role", ["bob@example.com"], "Typo")
        #expect(try typo.answer == "unavailable")
        #expect(try server.read("xpanse.users").arrayValue?[1]["role_name"] == JSONValue.null)
    }

    @Test func whatIsNotKnownIsConditional() throws {
        var server = StubServer.usual
        let stranger = try server.change("xpanse.set_role", ["who@example.com", "bob@example.com"], "Viewer")
        #expect(stranger.isConditional && stranger.isReplyGuessed)
        server.failures["users.get(7)"] = APIError(.unauthorized, status: 401, operation: "users.get", message: "no")
        let unlock = try server.change("users.unlock", 7)
        #expect(unlock.isConditional && !unlock.hasNoEffect)
        #expect(unlock.summary == "unlock user 7" && unlock.lines == ["locked: null → false"])
        #expect(try unlock.answer == ["links": []])
    }

    @Test func ofForeignOperationsOnlyTheNameIsKnown() throws {
        let reboot = Operation(
            "host.reboot", apiName: "reboot", endpoint: nil,
            parameters: [Parameter("name", .name, in: .body, documentation: "")], result: .value, effect: .unsafe,
            capability: "host:reboot", summary: "Reboot")
        var server = StubServer([:], catalogue: .standard.adding([reboot]))
        let change = try server.change("host.reboot", "web-1")
        #expect(change.summary == "host.reboot(\"web-1\")")
        #expect(change.isConditional && change.target == nil && change.image == nil)
        #expect(try change.answer == [:])
        let long = try server.change("host.reboot", .string(String(repeating: "x", count: 1000)))
        #expect(long.summary.count <= 160)
    }

    @Test func everyChangeOfTheCatalogueIsKnown() throws {
        for operation in Catalogue.standard.operations where operation.effect.isChange {
            let values = operation.parameters.map { parameter -> JSONValue in
                switch (parameter.name, parameter.type) {
                case ("user", _): Self.grace
                case ("role", .object): ["id": "auditor", "name": "A", "description": "", "privileges": []]
                case ("role", _): "Viewer"
                case ("id", .string): "auditor"
                case ("emails", _): ["bob@example.com"]
                case (_, .array): [1]
                case (_, .secret): "secret"
                default: 7
                }
            }
            var server = StubServer.usual
            let call = try server.call(operation.name, values)
            let reads = server.shadow.reads(before: call, in: .standard)
            let change = server.shadow.apply(call, reads: reads, answers: reads.map { server.answer($0) })
            #expect(change.target != nil, "\(operation.name) has no prediction")
            #expect(Inverse.exists(for: operation) == (change.image != nil), "\(operation.name)")
            #expect(reads.allSatisfy { $0.operation.effect == .read })
        }
    }
}
