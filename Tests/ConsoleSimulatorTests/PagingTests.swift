import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct PagingTests {
    private func page(_ harness: inout Harness, _ query: String) throws -> (JSONValue, [JSONValue]) {
        let answer = try harness.send("GET", "/api/3/users\(query)")
        try #require(answer.status == 200)
        return (try #require(answer.body["page"]), try #require(answer.body["resources"]?.arrayValue))
    }

    @Test func withoutParametersThereAreTenUsers() throws {
        var harness = Harness(wishes: .init(users: 31))
        let (page, users) = try page(&harness, "")
        #expect(page == ["number": 0, "size": 10, "totalPages": 4, "totalResources": 32])
        #expect(users.map { $0["id"] } == (1...10).map { .integer($0) })
    }

    @Test func pagesTogetherAreAllUsersOnce() throws {
        var harness = Harness(wishes: .init(users: 99))
        var ids: [Int64] = []
        for number in 0..<15 {
            ids += try page(&harness, "?size=7&page=\(number)").1.compactMap { $0["id"]?.integerValue }
        }
        #expect(ids == Array(1...100))
    }

    @Test func moreThanTheMaximumIsTheMaximum() throws {
        var harness = Harness(wishes: .init(users: 600))
        let (page, users) = try page(&harness, "?size=5000")
        #expect(page["size"] == 500)
        #expect(users.count == 500)
    }

    @Test(arguments: ["?page=9999", "?page=2147483647&size=500"])
    func pageBeyondTheEndIsEmpty(_ query: String) throws {
        var harness = Harness()
        let (page, users) = try page(&harness, query)
        #expect(users.isEmpty)
        #expect(page["totalResources"] == 51)
    }

    @Test(arguments: [
        "?size=0", "?size=-1", "?size=x", "?page=-1", "?page=one", "?page=99999999999", "?sort=password",
        "?sort=login,UP", "?sort=login,ASC,DESC", "?sort=", "?sort=%zz", "?sort=LOGIN",
    ])
    func badQueryIsRefused(_ query: String) throws {
        var harness = Harness()
        let answer = try harness.send("GET", "/api/3/users\(query)")
        #expect(answer.status == 400)
        #expect(answer.body["status"] == 400)
    }

    @Test(arguments: SortTerm.Property.allCases)
    func usersAreSortedByEveryProperty(_ property: SortTerm.Property) throws {
        var harness = Harness(wishes: .init(users: 300))
        func keys(_ direction: String) throws -> [String] {
            try page(&harness, "?size=500&sort=\(property.rawValue)\(direction)").1.map { user in
                var value: JSONValue? = user
                for part in property.rawValue.split(separator: ".") { value = value?[String(part)] }
                switch value {
                case .integer(let number)?: return String(repeating: "0", count: 6 - String(number).count) + "\(number)"
                case .bool(let flag)?: return flag ? "1" : "0"
                default: return value?.stringValue ?? ""
                }
            }
        }
        let up = try keys("")
        #expect(up == up.sorted())
        #expect(try keys(",ASC") == up)
        #expect(try keys(",desc") == up.sorted(by: >))
        #expect(property == .id || Set(up).count > 1)
    }

    @Test func laterCriteriaDecideWhereEarlierOnesAreEqual() throws {
        var harness = Harness(wishes: .init(users: 200))
        let (_, users) = try page(&harness, "?size=500&sort=locked,DESC&sort=login")
        let keys = users.map { ($0["locked"] == true ? "0" : "1") + ($0["login"]?.stringValue ?? "") }
        #expect(keys == keys.sorted())
        #expect(users.first?["locked"] == true)
    }

    @Test func sortedPageShowsChangesAtOnce() throws {
        var harness = Harness(wishes: .init(users: 100))
        let first = try page(&harness, "?sort=locked,DESC&size=1").1[0]
        let id = try #require(first["id"]?.integerValue)
        #expect(first["locked"] == true)
        let edit: JSONValue = ["login": "aaa.first", "name": "First", "role": ["id": "user"]]
        #expect(try harness.send("PUT", "/api/3/users/\(id)", edit).status == 200)
        #expect(try harness.send("DELETE", "/api/3/users/\(id)/lock").status == 200)
        #expect(try page(&harness, "?sort=locked,DESC&size=1").1[0]["id"] != first["id"])
        #expect(try page(&harness, "?sort=login&size=1").1[0]["id"] == first["id"])
        #expect(try harness.send("DELETE", "/api/3/users/\(id)").status == 200)
        #expect(try page(&harness, "?sort=login&size=1").1[0]["id"] != first["id"])
    }

    @Test func linksLeadToTheNeighbours() throws {
        var harness = Harness(wishes: .init(users: 30))
        harness.simulation.origin = "https://console:3780"
        func rels(_ query: String) throws -> [String: String] {
            let links = try harness.send("GET", "/api/3/users\(query)").body["links"]?.arrayValue ?? []
            return Dictionary(
                uniqueKeysWithValues: links.map { ($0["rel"]?.stringValue ?? "", $0["href"]?.stringValue ?? "") })
        }
        let middle = try rels("?page=1&size=10&sort=login,DESC")
        #expect(middle["next"] == "https://console:3780/api/3/users?page=2&size=10&sort=login%2CDESC")
        #expect(Set(middle.keys) == ["first", "prev", "self", "next", "last"])
        #expect(try Set(rels("").keys) == ["first", "self", "next", "last"])
        #expect(try Set(rels("?page=3").keys) == ["first", "prev", "self", "last"])
    }
}
