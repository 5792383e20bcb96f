import Operations
import Testing

@Suite struct InverseTests {
    private static let profile: JSONValue = [
        "id": 7, "login": "ada", "name": "Ada", "locked": true, "enabled": true, "newer": ["x": 1],
        "role": ["id": "user", "name": "User", "privileges": ["create-reports"], "allSites": false],
    ]

    private func made(
        _ name: String, _ values: [JSONValue], image: JSONValue? = nil, result: JSONValue? = nil,
        target: ChangeTarget? = nil
    ) throws -> MadeChange {
        MadeChange(
            call: try StubServer.usual.call(name, values), image: image, result: result, target: target)
    }

    private func texts(_ steps: [InverseStep]) -> [String] {
        steps.map { "\($0.operation)\(JSONValue.array($0.arguments))" }
    }

    @Test func exactlyTheseCannotBeUndone() {
        let without = Catalogue.standard.operations.filter { $0.effect.isChange && !Inverse.exists(for: $0) }
        #expect(
            Set(without.map(\.name)) == [
                "users.delete", "users.unlock", "users.reset_password", "twofa.set", "twofa.regenerate",
            ])
        #expect(Catalogue.standard.operations.allSatisfy { $0.effect.isChange || !Inverse.exists(for: $0) })
    }

    @Test(
        arguments: [
            (
                "users.update", [7, ["login": "ada", "name": "A", "role": ["id": "user"]]],
                ["users.get", "users.sites", "users.asset_groups"]
            ),
            ("users.add_site", [7, 3], ["users.sites"]), ("users.remove_all_asset_groups", [7], ["users.asset_groups"]),
            ("roles.delete", ["auditor"], ["roles.get"]), ("xpanse.remove_role", [["a@example.com"]], ["xpanse.users"]),
            ("users.unlock", [7], []), ("twofa.regenerate", [7], []), ("users.get", [7], []),
        ] as [(String, [JSONValue], [String])])
    func anImageNeedsTheseReads(_ name: String, _ values: [JSONValue], _ reads: [String]) throws {
        let call = try StubServer.usual.call(name, values)
        #expect(Inverse.reads(before: call, in: .standard).map(\.operation.name) == reads)
    }

    @Test func anImageIsWhatTheReadsSay() throws {
        var server = StubServer.usual
        func image(_ name: String, _ values: JSONValue...) throws -> JSONValue? {
            let call = try server.call(name, values)
            return Inverse.image(
                of: call, answers: Inverse.reads(before: call, in: .standard).map { server.answer($0) })
        }
        #expect(try image("users.add_site", 7, 3) == ["sites": [2, 1]])
        let update = try image("users.update", 7, ["login": "ada", "name": "A", "role": ["id": "user"]])
        #expect(update?["user"]?["email"] == "ada@example.com" && update?["user"]?["locked"] == true)
        #expect(update?["sites"] == [2, 1] && update?["asset_groups"] == [])
        #expect(try image("roles.delete", "auditor")?["role"]?["name"] == "Auditor")
        #expect(
            try image("roles.update", "new", ["id": "new", "name": "N", "description": "", "privileges": []]) == [
                "role": nil
            ])
        #expect(
            try image("xpanse.remove_role", ["ADA@example.com", "who@example.com"]) == [
                "xpanse": ["Ada@example.com": "Viewer"]
            ])
        #expect(try image("users.unlock", 7) == nil)
        #expect(try image("users.add_site", 99, 3) == nil)
    }

    @Test func aProfileIsWrittenBackAsItMayBeWritten() throws {
        let image: JSONValue = ["user": Self.profile, "sites": [1, 2], "asset_groups": []]
        let changes = [
            try made("users.update", [7, ["login": "x", "name": "X", "role": ["id": "user"]]], image: image)
        ]
        let (steps, impossible) = Inverse.plan(changes)
        #expect(
            texts(steps) == [
                #"users.update[7,{"enabled":true,"login":"ada","name":"Ada","role":{"allSites":false,"id":"user"}}]"#,
                "users.set_sites[7,[1,2]]",
            ])
        #expect(steps.map(\.summary) == ["restore user ada (7)", "let user ada (7) have sites 1 and 2 and no others"])
        #expect(impossible.isEmpty)
        for step in steps { _ = try StubServer.usual.call(step.operation, step.arguments) }
    }

    @Test func onlyTheEarliestImageCounts() throws {
        let changes = [
            try made("users.add_site", [7, 3], image: ["sites": [1]]),
            try made("users.remove_site", [7, 1], image: ["sites": [1, 3]]),
            try made(
                "users.update", [7, ["login": "ada", "name": "A", "role": ["id": "user"]]],
                image: ["user": Self.profile, "sites": [3], "asset_groups": [4]]),
            try made("users.set_sites", [7, [9]], image: ["sites": []]),
        ]
        let steps = texts(Inverse.plan(changes).steps)
        #expect(steps.dropFirst() == ["users.set_sites[7,[1]]", "users.set_asset_groups[7,[4]]"])
    }

    @Test func whoHadAllSitesIsGivenNoSingleOnes() throws {
        var profile = try #require(Self.profile.objectValue)
        profile["role"] = ["id": "user", "allSites": true, "allAssetGroups": true]
        let changes = [
            try made("users.set_sites", [7, [2]], image: ["sites": [1, 2, 3]]),
            try made(
                "users.update", [7, ["login": "ada", "name": "A", "role": ["id": "user"]]],
                image: ["user": .object(profile)]),
            try made("users.add_site", [7, 2], image: ["sites": []]),
        ]
        #expect(Inverse.plan(changes).steps.map(\.operation) == ["users.update"])
    }

    @Test func aCreatedUserIsOnlyDeleted() throws {
        let user: JSONValue = ["login": "new", "name": "New", "password": "p", "role": ["id": "user"]]
        let changes = [
            try made("users.create", [user], image: [:], result: 50),
            try made("users.add_site", [50, 1], image: ["sites": []]), try made("twofa.regenerate", [50]),
            try made("users.create", [user], image: [:], result: 51), try made("users.delete", [51]),
        ]
        let (steps, impossible) = Inverse.plan(changes)
        #expect(texts(steps) == ["users.delete[50]"])
        #expect(steps.first?.summary == "delete user new (50)")
        #expect(impossible.isEmpty)
    }

    @Test func whatHasNoInverseIsNamedWithTheReason() throws {
        let ada = ChangeTarget(type: "user", id: "7", name: "ada")
        let user: JSONValue = ["login": "ada", "name": "A", "role": ["id": "user"]]
        let changes = [
            try made("users.unlock", [7], target: ada), try made("twofa.regenerate", [7]),
            try made("twofa.set", [7, "SEED"]), try made("users.reset_password", [1, "p"]),
            try made("users.set_sites", [8, [1]], image: ["sites": [2]]), try made("users.delete", [8]),
            try made("users.add_site", [9, 1]),
            try made(
                "users.create", [["login": "n", "name": "N", "password": "p", "role": ["id": "user"]]], image: [:]),
            try made("roles.delete", ["auditor"]),
            try made("xpanse.remove_role", [["who@example.com"]], image: ["xpanse": [:]]),
            try made(
                "users.update", [7, .object(try #require(user.objectValue).merging(["password": "p"]) { $1 })],
                image: ["user": Self.profile]),
        ]
        let (steps, impossible) = Inverse.plan(changes)
        #expect(steps.map(\.operation) == ["users.update"])
        #expect(impossible.map(\.change) == changes)
        #expect(
            impossible.map(\.reason) == [
                "no operation locks a user", "the former two-factor seed was not kept",
                "the former two-factor seed was not kept", "the former password cannot be read",
                "the user was deleted by the same run",
                "a deleted user cannot be brought back: its password and its identifier are lost",
                "the state before the change was not kept", "the identifier of the new user is not known",
                "the role before the change was not kept",
                "the former role of who@example.com in Xpanse is not known",
                "the profile is restored, but the former password cannot be read",
            ])
    }

    @Test func rolesComeBeforeTheirUsersAndGoAfterThem() throws {
        let role: JSONValue = [
            "id": "old", "name": ["key": "k", "defaultValue": "Old", "newer": 1], "description": "D", "privileges": [],
            "links": [],
        ]
        let new: JSONValue = ["id": "new", "name": "N", "description": "", "privileges": []]
        let changes = [
            try made("roles.update", ["new", new], image: ["role": nil]),
            try made(
                "users.update", [7, ["login": "ada", "name": "A", "role": ["id": "new"]]], image: ["user": Self.profile]
            ),
            try made("roles.delete", ["old"], image: ["role": role]),
            try made("roles.update", ["passing", new], image: ["role": nil]),
            try made("roles.delete", ["passing"], image: ["role": new]),
        ]
        let steps = Inverse.plan(changes).steps
        #expect(steps.map(\.summary) == ["restore role old", "restore user ada (7)", "delete role new"])
        #expect(
            steps.first?.arguments == [
                "old",
                [
                    "id": "old", "name": ["key": "k", "defaultValue": "Old"], "description": "D",
                    "privileges": [],
                ],
            ])
    }

    @Test func loginsAreFreedBeforeTheyAreGivenBack() throws {
        func rename(_ id: Int64, from former: String, to login: String) throws -> MadeChange {
            try made(
                "users.update", [.integer(id), ["login": .string(login), "name": "N", "role": ["id": "user"]]],
                image: ["user": ["login": .string(former), "name": "N", "role": ["id": "user"]]])
        }
        let changes = [
            try rename(1, from: "a", to: "free"), try rename(2, from: "b", to: "a"), try rename(3, from: "c", to: "b"),
            try made("users.add_site", [1, 1], image: ["sites": []]),
        ]
        let updates = Inverse.plan(changes).steps.filter { $0.operation == "users.update" }
        #expect(updates.map { $0.arguments[0] } == [3, 2, 1])
        let swapped = [
            try rename(1, from: "a", to: "x"), try rename(2, from: "b", to: "a"), try rename(1, from: "x", to: "b"),
        ]
        #expect(Inverse.plan(swapped).steps.count == 2)
    }

    @Test func xpanseUsersWhoseAddressesDifferInCaseAreTwo() throws {
        let both: JSONValue = ["Ada@x.example": "Viewer", "ada@x.example": "Investigator"]
        let taken = try made("xpanse.remove_role", [["ada@x.example", "Ada@x.example"]], image: ["xpanse": both])
        #expect(
            texts(Inverse.plan([taken]).steps) == [
                #"xpanse.set_role[["ada@x.example"],"Investigator"]"#, #"xpanse.set_role[["Ada@x.example"],"Viewer"]"#,
            ])
        let one = try made("xpanse.remove_role", [["ada@x.example"]], image: ["xpanse": both])
        #expect(texts(Inverse.plan([one]).steps) == [#"xpanse.set_role[["ada@x.example"],"Investigator"]"#])
        // Which one is meant nobody can tell.
        let neither = try made("xpanse.remove_role", [["ADA@x.example"]], image: ["xpanse": both])
        #expect(Inverse.plan([neither]).steps.isEmpty)
        #expect(
            Inverse.plan([neither]).impossible.map(\.reason) == [
                "the former role of ADA@x.example in Xpanse is not known"
            ])
    }

    @Test func xpanseRolesAreGivenBackTogether() throws {
        let changes = [
            try made(
                "xpanse.set_role", [["a@x.example", "B@x.example", "c@x.example", "d@x.example"], "Viewer"],
                image: [
                    "xpanse": [
                        "a@x.example": "Responder", "b@x.example": nil, "c@x.example": "Responder",
                        "d@x.example": "Viewer",
                    ]
                ]),
            try made("xpanse.remove_role", [["A@x.example"]], image: ["xpanse": ["a@x.example": "Viewer"]]),
            try made(
                "xpanse.remove_role", [["root@x.example"]], image: ["xpanse": ["root@x.example": "Account Admin"]]),
        ]
        let (steps, impossible) = Inverse.plan(changes)
        #expect(
            texts(steps) == [
                #"xpanse.set_role[["a@x.example","c@x.example"],"Responder"]"#, #"xpanse.remove_role[["b@x.example"]]"#,
            ])
        #expect(impossible.map(\.reason) == ["only Xpanse itself can give root@x.example the role Account Admin again"])
    }

    @Test func foreignOperationsAreImpossible() throws {
        let reboot = Operation(
            "host.reboot", apiName: "reboot", endpoint: nil, result: .value, effect: .unsafe, capability: "host:reboot",
            summary: "Reboot")
        let change = MadeChange(call: OperationCall(checked: reboot, arguments: [:]), image: nil, result: nil)
        #expect(Inverse.plan([change]).impossible.map(\.reason) == ["nothing is known of how to undo host.reboot"])
    }
}
