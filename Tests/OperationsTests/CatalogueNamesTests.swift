import Operations
import Testing

/// Names, effects and capabilities, written down a second time.
@Suite("The catalogue's names and classes")
struct CatalogueNamesTests {
    /// The vendor's list of operations: its names, methods and paths.
    static let seed = [
        "add_user_asset_group": "PUT /api/3/users/{id}/asset_groups/{assetGroupId}",
        "add_user_site": "PUT /api/3/users/{id}/sites/{siteId}",
        "create_user": "POST /api/3/users",
        "delete_role": "DELETE /api/3/roles/{id}",
        "delete_user": "DELETE /api/3/users/{id}",
        "get_authentication_source": "GET /api/3/authentication_sources/{id}",
        "get_authentication_source_users": "GET /api/3/authentication_sources/{id}/users",
        "get_authentication_sources": "GET /api/3/authentication_sources",
        "get_privilege": "GET /api/3/privileges/{id}",
        "get_privileges": "GET /api/3/privileges",
        "get_role": "GET /api/3/roles/{id}",
        "get_role_users": "GET /api/3/roles/{id}/users",
        "get_roles": "GET /api/3/roles",
        "get_two_factor_authentication_key": "GET /api/3/users/{id}/2FA",
        "get_user": "GET /api/3/users/{id}",
        "get_user_asset_groups": "GET /api/3/users/{id}/asset_groups",
        "get_user_privileges": "GET /api/3/users/{id}/privileges",
        "get_user_sites": "GET /api/3/users/{id}/sites",
        "get_users": "GET /api/3/users",
        "get_users_with_privilege": "GET /api/3/privileges/{id}/users",
        "regenerate_two_factor_authentication": "POST /api/3/users/{id}/2FA",
        "remove_all_user_asset_groups": "DELETE /api/3/users/{id}/asset_groups",
        "remove_all_user_sites": "DELETE /api/3/users/{id}/sites",
        "remove_user_asset_group": "DELETE /api/3/users/{id}/asset_groups/{assetGroupId}",
        "remove_user_site": "DELETE /api/3/users/{id}/sites/{siteId}",
        "reset_password": "PUT /api/3/users/{id}/password",
        "set_two_factor_authentication": "PUT /api/3/users/{id}/2FA",
        "set_user_asset_groups": "PUT /api/3/users/{id}/asset_groups",
        "set_user_sites": "PUT /api/3/users/{id}/sites",
        "unlock_user": "DELETE /api/3/users/{id}/lock",
        "update_role": "PUT /api/3/roles/{id}",
        "update_user": "PUT /api/3/users/{id}",
    ]

    /// Each name in Lua: the API's name, the capability and the effect.
    static let expected: [String: (apiName: String, capability: Capability, effect: EffectClass)] = [
        "users.page": ("get_users", "users:read", .read),
        "users.get": ("get_user", "users:read", .read),
        "users.create": ("create_user", "users:create", .reconcilable),
        "users.update": ("update_user", "users:update", .idempotent),
        "users.delete": ("delete_user", "users:delete", .idempotent),
        "users.unlock": ("unlock_user", "users:unlock", .idempotent),
        "users.reset_password": ("reset_password", "users:password", .unsafe),
        "users.privileges": ("get_user_privileges", "users:read", .read),
        "users.sites": ("get_user_sites", "users:read", .read),
        "users.set_sites": ("set_user_sites", "users:access", .idempotent),
        "users.add_site": ("add_user_site", "users:access", .idempotent),
        "users.remove_site": ("remove_user_site", "users:access", .idempotent),
        "users.remove_all_sites": ("remove_all_user_sites", "users:access", .idempotent),
        "users.asset_groups": ("get_user_asset_groups", "users:read", .read),
        "users.set_asset_groups": ("set_user_asset_groups", "users:access", .idempotent),
        "users.add_asset_group": ("add_user_asset_group", "users:access", .idempotent),
        "users.remove_asset_group": ("remove_user_asset_group", "users:access", .idempotent),
        "users.remove_all_asset_groups": ("remove_all_user_asset_groups", "users:access", .idempotent),
        "roles.list": ("get_roles", "roles:read", .read),
        "roles.get": ("get_role", "roles:read", .read),
        "roles.update": ("update_role", "roles:update", .idempotent),
        "roles.delete": ("delete_role", "roles:delete", .idempotent),
        "roles.users": ("get_role_users", "roles:read", .read),
        "privileges.list": ("get_privileges", "privileges:read", .read),
        "privileges.get": ("get_privilege", "privileges:read", .read),
        "privileges.users": ("get_users_with_privilege", "privileges:read", .read),
        "twofa.key": ("get_two_factor_authentication_key", "twofa:read", .read),
        "twofa.set": ("set_two_factor_authentication", "twofa:write", .idempotent),
        "twofa.regenerate": ("regenerate_two_factor_authentication", "twofa:write", .unsafe),
        "auth_sources.list": ("get_authentication_sources", "auth_sources:read", .read),
        "auth_sources.get": ("get_authentication_source", "auth_sources:read", .read),
        "auth_sources.users": ("get_authentication_source_users", "auth_sources:read", .read),
        "xpanse.set_role": ("set_user_role", "xpanse:role", .idempotent),
        "xpanse.remove_role": ("set_user_role", "xpanse:role", .idempotent),
        "xpanse.users": ("get_users", "xpanse:read", .read),
        "xpanse.roles": ("get_roles", "xpanse:read", .read),
        "xpanse.groups": ("get_user_group", "xpanse:read", .read),
    ]

    @Test("the console's operations are the vendor's list")
    func consoleIsTheSeed() throws {
        var ours: [String: String] = [:]
        for operation in Operation.console {
            let endpoint = try #require(operation.endpoint)
            #expect(ours.updateValue("\(endpoint.method.rawValue) \(endpoint.path)", forKey: operation.apiName) == nil)
        }
        #expect(ours == Self.seed)
        #expect(Self.seed.count == 32)
    }

    @Test("no operation is missing, none is extra")
    func names() {
        let names = Catalogue.standard.operations.map(\.name)
        #expect(Set(names) == Set(Self.expected.keys))
        #expect(names.count == Self.expected.count)
    }

    @Test("each operation has its API's name, its capability and its effect", arguments: Catalogue.standard.operations)
    func classes(operation: Operation) throws {
        let expected = try #require(Self.expected[operation.name])
        #expect(operation.apiName == expected.apiName)
        #expect(operation.capability == expected.capability)
        #expect(operation.effect == expected.effect)
    }

    @Test("the effect fits the method", arguments: Operation.console)
    func effectFitsMethod(operation: Operation) throws {
        switch try #require(operation.endpoint).method {
        case .get: #expect(operation.effect == .read)
        case .put, .delete: #expect(operation.effect == .idempotent || operation.name == "users.reset_password")
        case .post: #expect(!operation.effect.maySendAgain)
        }
    }

    @Test(
        "optional arguments come last, names are Lua's, path arguments fill the path",
        arguments: Catalogue.standard.operations)
    func parameters(operation: Operation) throws {
        let firstOptional = operation.parameters.firstIndex { !$0.isRequired } ?? operation.parameters.count
        #expect(operation.parameters[firstOptional...].allSatisfy { !$0.isRequired })
        #expect(Set(operation.parameters.map(\.name)).count == operation.parameters.count)
        for parameter in operation.parameters {
            #expect(parameter.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "_") })
            #expect(parameter.location != .path || parameter.isRequired)
        }
        let path = try #require(operation.endpoint).path
        let places = path.split(separator: "{").dropFirst().compactMap {
            $0.split(separator: "}").first.map(String.init)
        }
        #expect(places == operation.parameters.filter { $0.location == .path }.map(\.wireName))
    }

    @Test("everything is documented, in full sentences", arguments: Catalogue.standard.operations)
    func documentation(operation: Operation) {
        #expect(!operation.summary.isEmpty)
        #expect(operation.summary.count <= 80)
        #expect(!operation.summary.hasSuffix(".") && !operation.summary.contains("\n"))
        #expect(operation.documentation.hasSuffix(".") && !operation.documentation.contains("\n"))
        #expect(!operation.documentation.contains("  "))
        func check(_ type: ValueType) {
            switch type {
            case .object(let fields):
                for field in fields {
                    #expect(field.documentation.hasSuffix("."), "\(field.name)")
                    check(field.type)
                }
            case .array(let element, _): check(element)
            case .oneOf(let types): types.forEach(check)
            default: break
            }
        }
        for parameter in operation.parameters {
            #expect(parameter.documentation.hasSuffix("."), "\(parameter.name)")
            check(parameter.type)
        }
    }

    @Test("a signature shows how the call is written")
    func signatures() throws {
        let catalogue = Catalogue.standard
        #expect(try #require(catalogue["users.add_site"]).signature == "users.add_site(id, site_id)")
        #expect(try #require(catalogue["users.page"]).signature == "users.page { page, size, sort }")
        #expect(try #require(catalogue["roles.list"]).signature == "roles.list()")
        #expect(try #require(catalogue["users.add_site"]).table == "users")
        #expect(try #require(catalogue["users.add_site"]).function == "add_site")
    }
}
