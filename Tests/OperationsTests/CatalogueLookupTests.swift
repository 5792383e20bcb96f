import Operations
import Testing

@Suite("Finding an operation")
struct CatalogueLookupTests {
    private static func operation(_ name: String, apiName: String, summary: String = "Do it") -> Operation {
        Operation(
            name, apiName: apiName, endpoint: nil, result: .value, effect: .read, capability: "own:read",
            summary: summary)
    }

    @Test("finds by the name in Lua and by the API's name")
    func byBothNames() {
        #expect(Catalogue.standard["users.unlock"]?.apiName == "unlock_user")
        #expect(Catalogue.standard["unlock_user"]?.name == "users.unlock")
        #expect(Catalogue.standard["users.nothing"] == nil)
        #expect(Catalogue.standard[""] == nil)
    }

    @Test("of several operations with one API name finds the first")
    func ambiguousAPIName() {
        #expect(Catalogue.standard["get_users"]?.name == "users.page")
        #expect(Catalogue.standard["get_roles"]?.name == "roles.list")
        // The one of the two that cannot take a role away by mistake.
        #expect(Catalogue.standard["set_user_role"]?.name == "xpanse.set_role")
    }

    @Test("the name in Lua goes before an API's name")
    func luaNameFirst() {
        let catalogue = Catalogue([
            Self.operation("first", apiName: "second"), Self.operation("second", apiName: "third"),
        ])
        #expect(catalogue["second"]?.apiName == "third")
    }

    @Test("a program's own operation replaces one of the same name, in its place")
    func replacing() {
        let own = Self.operation("users.get", apiName: "own_get", summary: "Read from the cache")
        let catalogue = Catalogue.standard.adding([own, Self.operation("own.new", apiName: "new")])
        #expect(catalogue["users.get"] == own)
        #expect(catalogue["get_user"] == nil)
        #expect(catalogue.operations.count == Catalogue.standard.operations.count + 1)
        #expect(catalogue.operations.map(\.name).firstIndex(of: "users.get") == 1)
        #expect(catalogue.operations.last?.name == "own.new")
    }
}
