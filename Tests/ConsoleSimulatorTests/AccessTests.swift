import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct AccessTests {
    private static let kinds = [("sites", "site", "allSites"), ("asset_groups", "asset_group", "allAssetGroups")]

    @Test(arguments: kinds)
    func accessIsSetGivenAndTaken(_ segment: String, _ name: String, _ flag: String) throws {
        var harness = Harness()
        let id = try harness.create("access.user")
        let path = "/api/3/users/\(id)/\(segment)"
        #expect(try harness.send("GET", path).ids == [])
        #expect(try harness.send("PUT", path, [5, 2, 2]).status == 200)
        #expect(try harness.send("GET", path).ids == [2, 5])
        #expect(try harness.send("PUT", "\(path)/3").status == 200)
        #expect(try harness.send("PUT", "\(path)/3").status == 200)
        #expect(try harness.send("GET", path).ids == [2, 3, 5])
        #expect(try harness.send("DELETE", "\(path)/2").status == 200)
        #expect(try harness.send("DELETE", "\(path)/2").status == 200)
        #expect(try harness.send("GET", path).ids == [3, 5])
        #expect(try harness.send("DELETE", path).status == 200)
        #expect(try harness.send("GET", path).ids == [])
        let expected = [
            "set_\(segment)", "add_\(name)", "add_\(name)", "remove_\(name)", "remove_\(name)", "remove_all_\(segment)",
        ]
        #expect(harness.operations.dropFirst().map { $0 } == expected.map { "users.\($0)" })
    }

    @Test(arguments: kinds)
    func whatDoesNotExistIsNotFound(_ segment: String, _ name: String, _ flag: String) throws {
        var harness = Harness()
        let id = try harness.create("access.user")
        let path = "/api/3/users/\(id)/\(segment)"
        #expect(try harness.send("PUT", path, [1, 6]).status == 404)
        #expect(try harness.send("PUT", "\(path)/6").status == 404)
        #expect(try harness.send("DELETE", "\(path)/0").status == 404)
        #expect(try harness.send("GET", path).ids == [])
        #expect(try harness.send("GET", "/api/3/users/9999/\(segment)").status == 404)
        #expect(try harness.send("PUT", "/api/3/users/9999/\(segment)/1").status == 404)
        #expect(harness.operations == ["users.create"])
    }

    @Test(arguments: ["{}", "[\"1\"]", "[1.5]", "[99999999999]", "1", "", "[1"])
    func bodyThatIsNoListOfIdsIsRefused(_ body: String) throws {
        var harness = Harness()
        #expect(try harness.send("PUT", "/api/3/users/5/sites", bytes: Array(body.utf8)).status == 400)
    }

    @Test(arguments: kinds)
    func userWithAccessToAllNeedsNoSingleAccess(_ segment: String, _ name: String, _ flag: String) throws {
        var harness = Harness()
        let id = try harness.create(
            "all.user", adding: ["role": ["id": "user", "allSites": true, "allAssetGroups": true]])
        let path = "/api/3/users/\(id)/\(segment)"
        #expect(try harness.send("GET", path).ids == [1, 2, 3, 4, 5])
        #expect(try harness.send("PUT", path, [1]).status == 200, "ignored, says the specification")
        #expect(try harness.send("GET", path).ids == [1, 2, 3, 4, 5])
        let refused = try harness.send("PUT", "\(path)/1")
        #expect(refused.status == 400)
        #expect(refused.message?.contains(flag) == true)
        #expect(try harness.send("DELETE", "\(path)/1").status == 400)
        #expect(try harness.send("DELETE", path).status == 200)
    }
}
