import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct UserTests {
    @Test func userThatIsCreatedCanBeReadAndLogsIn() throws {
        var harness = Harness()
        let created = try harness.send("POST", "/api/3/users", Harness.newUser("new.user"))
        #expect(created.status == 201)
        let id = try #require(created.body["id"]?.integerValue)
        #expect(created.body["links"]?.arrayValue?.isEmpty == false)
        let read = try harness.send("GET", "/api/3/users/\(id)", as: ("new.user", "first-Password-1"))
        #expect(read.status == 200)
        #expect(read.body["login"] == "new.user")
        #expect(read.body["enabled"] == true)
        #expect(read.body["locked"] == false)
        #expect(read.body["authentication"]?["type"] == "normal")
        #expect(read.body["role"]?["allSites"] == false)
        #expect(read.body["email"] == nil)
    }

    @Test func newUserIsTheLastOfTheLastPage() throws {
        var harness = Harness(wishes: .init(users: 20))
        let id = try harness.create("zz.last")
        let page = try harness.send("GET", "/api/3/users?size=500").body
        #expect(page["resources"]?.arrayValue?.last?["id"] == .integer(id))
        #expect(page["page"]?["totalResources"] == 22)
    }

    private static let badFields: [(String, JSONValue)] = [
        ("login", .null), ("name", .null), ("password", .null), ("role", .null), ("login", ""),
        ("password", ""),
        ("login", 7), ("enabled", "yes"), ("email", "no-address"), ("role", "user"), ("role", [:]),
        ("role", ["id": "no-such-role"]), ("role", ["id": "user", "allSites": 1]), ("login", "admin"),
        ("authentication", ["type": "no-such-type"]), ("authentication", ["type": "ldap", "id": 1]),
        ("authentication", ["type": "ldap", "id": 99]), ("role", ["id": "global-admin"]),
        ("role", ["id": "global-admin", "superuser": true, "allSites": true]),
        ("role", ["id": "global-admin", "superuser": true, "allAssetGroups": true]),
        ("role", ["id": "global-admin", "allSites": true, "allAssetGroups": true]),
    ]

    @Test(arguments: badFields)
    func badUserIsRefusedAndNothingHappens(_ field: String, _ value: JSONValue) throws {
        var harness = Harness()
        let before = harness.simulation.console.ids
        let answer = try harness.send("POST", "/api/3/users", Harness.newUser("bad.user", adding: [field: value]))
        #expect(answer.status == 400)
        #expect(answer.body["status"] == 400)
        #expect(answer.message?.isEmpty == false)
        #expect(harness.simulation.console.ids == before)
        #expect(harness.operations.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "\"text\"", "7", "{\"login\":}"])
    func bodyThatIsNoObjectIsRefused(_ body: String) throws {
        var harness = Harness()
        #expect(try harness.send("POST", "/api/3/users", bytes: Array(body.utf8)).status == 400)
        #expect(try harness.send("PUT", "/api/3/users/5", bytes: Array(body.utf8)).status == 400)
    }

    @Test func globalAdministratorHasTheirOwnAuthentication() throws {
        var harness = Harness()
        let role: JSONValue = [
            "id": "global-admin", "superuser": true, "allSites": true, "allAssetGroups": true,
        ]
        let id = try harness.create("second.admin", adding: ["role": role])
        #expect(try harness.send("GET", "/api/3/users/\(id)").body["authentication"]?["type"] == "admin")
        let credentials = ("second.admin", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users", as: credentials).status == 200)
    }

    @Test func rolePrivilegesDecideWhatAccessIsNeeded() throws {
        var harness = Harness()
        let role: JSONValue = [
            "id": "tagger", "name": "Tagger", "description": "Tags", "privileges": ["manage-tags"],
        ]
        #expect(try harness.send("PUT", "/api/3/roles/tagger", role).status == 200)
        let without = Harness.newUser("tag.one", role: "tagger")
        #expect(try harness.send("POST", "/api/3/users", without).status == 400)
        let with = Harness.newUser("tag.one", adding: ["role": ["id": "tagger", "allSites": true]])
        #expect(try harness.send("POST", "/api/3/users", with).status == 201)
    }

    @Test func updateReplacesEverythingButPasswordAndLock() throws {
        var harness = Harness()
        let id = try harness.create(
            "full.user",
            adding: [
                "email": "full@example.com", "enabled": false, "locale": ["default": "de-DE", "reports": "fr-FR"],
                "authentication": ["type": "ldap"],
            ])
        #expect(try harness.send("PUT", "/api/3/users/\(id)/sites", [1, 2]).status == 200)
        #expect(try harness.send("PUT", "/api/3/users/\(id)/asset_groups", [3]).status == 200)
        let least: JSONValue = ["login": "full.user", "name": "Renamed", "role": ["id": "site-admin"]]
        let updated = try harness.send("PUT", "/api/3/users/\(id)", least)
        #expect(updated.status == 200)
        let read = try harness.send("GET", "/api/3/users/\(id)").body
        #expect(read["name"] == "Renamed")
        #expect(read["email"] == nil)
        #expect(read["enabled"] == true)
        #expect(read["locale"]?["default"] == "en-US")
        #expect(read["authentication"]?["type"] == "normal")
        #expect(read["role"]?["id"] == "site-admin")
        #expect(try harness.send("GET", "/api/3/users/\(id)/sites").ids == [])
        #expect(try harness.send("GET", "/api/3/users/\(id)/asset_groups").ids == [])
        let credentials = ("full.user", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: credentials).status == 200)
    }

    @Test func updateKeepsTheLockAndCanChangeLoginAndPassword() throws {
        var harness = Harness()
        let user = try harness.firstUser { $0.isLocked && $0.isEnabled && $0.role == "user" }
        let edit: JSONValue = [
            "login": "renamed", "name": "Renamed", "password": "second", "role": ["id": "user"], "locked": false,
        ]
        #expect(try harness.send("PUT", "/api/3/users/\(user.id)", edit).status == 200)
        #expect(harness.simulation.console.user(user.id)?.isLocked == true)
        #expect(try harness.send("DELETE", "/api/3/users/\(user.id)/lock").status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(user.id)", as: ("renamed", "second")).status == 200)
        #expect(try harness.create(user.login) > 0, "the old login is free")
    }

    @Test func renamedUserOfTheDataSetKeepsThePassword() throws {
        var harness = Harness()
        let user = try harness.firstUser { $0.isEnabled && !$0.isLocked && $0.role == "user" && $0.seed == nil }
        let edit: JSONValue = ["login": "renamed", "name": "Renamed", "role": ["id": "user"]]
        #expect(try harness.send("PUT", "/api/3/users/\(user.id)", edit).status == 200)
        let credentials = ("renamed", ConsoleSimulator.password(login: user.login))
        #expect(try harness.send("GET", "/api/3/users/\(user.id)", as: credentials).status == 200)
    }

    @Test func loginOfAnotherUserIsRefusedAndTheOwnIsNot() throws {
        var harness = Harness()
        let id = try harness.create("one.user")
        let taken = Harness.newUser("admin")
        #expect(try harness.send("PUT", "/api/3/users/\(id)", taken).status == 400)
        #expect(try harness.send("PUT", "/api/3/users/\(id)", Harness.newUser("one.user")).status == 200)
    }

    @Test func deletedUserIsGoneEverywhere() throws {
        var harness = Harness()
        let id = try harness.create("short.lived", role: "tier-1-support")
        #expect(try harness.send("DELETE", "/api/3/users/\(id)").status == 200)
        #expect(try harness.send("GET", "/api/3/users/\(id)").status == 404)
        #expect(try harness.send("DELETE", "/api/3/users/\(id)").status == 404)
        #expect(try harness.send("GET", "/api/3/roles/tier-1-support/users").ids?.contains(id) == false)
        let credentials = ("short.lived", "first-Password-1")
        #expect(try harness.send("GET", "/api/3/users/\(id)", as: credentials).status == 401)
        #expect(try harness.create("short.lived") == id + 1, "ids are never used again")
    }

    @Test func nobodyDeletesTheirOwnAccount() throws {
        var harness = Harness()
        #expect(try harness.send("DELETE", "/api/3/users/1").status == 400)
        #expect(try harness.send("GET", "/api/3/users/1").status == 200)
    }

    @Test func lockedUserIsUnlockedOnceAndUnlockingAgainDoesNoHarm() throws {
        var harness = Harness()
        let user = try harness.firstUser { $0.isLocked && $0.isEnabled }
        #expect(try harness.send("GET", "/api/3/users/\(user.id)").body["locked"] == true)
        for _ in 1...2 {
            #expect(try harness.send("DELETE", "/api/3/users/\(user.id)/lock").status == 200)
            #expect(try harness.send("GET", "/api/3/users/\(user.id)").body["locked"] == false)
        }
    }

    @Test func disabledUserCannotBeUnlocked() throws {
        var harness = Harness()
        let user = try harness.firstUser { $0.isLocked && !$0.isEnabled }
        let answer = try harness.send("DELETE", "/api/3/users/\(user.id)/lock")
        #expect(answer.status == 400)
        #expect(answer.message?.contains("disabled") == true)
        #expect(harness.simulation.console.user(user.id)?.isLocked == true)
    }

    @Test func privilegesOfAUserAreThoseOfTheRole() throws {
        var harness = Harness()
        let user = try harness.firstUser { $0.role == "tier-1-support" }
        let answer = try harness.send("GET", "/api/3/users/\(user.id)/privileges").body
        #expect(answer["resources"]?.arrayValue?.contains("manage-advpolicies") == true)
    }
}
