import Operations
import Testing

/// The console's catalogue against the vendor's specification.
@Suite("The console's catalogue and the specification")
struct CatalogueSpecificationTests {
    let specification: Specification

    init() throws { specification = try Specification() }

    /// All that is not as the specification has it, with the reason. Nothing else may differ, and all of it must.
    static let deviations: [(reason: String, differences: Set<String>)] = [
        (
            "The specification lets every body be left out; a console refuses the request then.",
            [
                "users.create: user is required here", "users.update: user is required here",
                "users.reset_password: password is required here", "users.set_sites: siteIds is required here",
                "users.set_asset_groups: assetGroupIds is required here", "twofa.set: token is required here",
                "roles.update: role is required here",
            ]
        ),
        (
            "The vendor's own tools leave the password out of a PUT.",
            ["users.update: user.password is optional here"]
        ),
        (
            "Newer consoles add values to enumerations.",
            [
                "privileges.get: id is open here", "privileges.users: id is open here",
                "roles.update: role.privileges[] is open here",
            ]
        ),
        (
            "Newer consoles have texts in several languages.",
            ["roles.update: role.name takes 2 types", "roles.update: role.description takes 2 types"]
        ),
        ("One sort order needs no list around it.", ["users.page: sort takes 2 types"]),
        (
            "What was read can be changed and written back: what only reading has is accepted and not sent.",
            [
                "users.create: user.links is read, accepted and not sent",
                "users.create: user.authentication.external is read, accepted and not sent",
                "users.create: user.authentication.links is read, accepted and not sent",
                "users.create: user.authentication.name is read, accepted and not sent",
                "users.create: user.role.name is read, accepted and not sent",
                "users.create: user.role.privileges is read, accepted and not sent",
                "users.create: user.locale.links is not sent here",
                "users.update: user.links is read, accepted and not sent",
                "users.update: user.authentication.external is read, accepted and not sent",
                "users.update: user.authentication.links is read, accepted and not sent",
                "users.update: user.authentication.name is read, accepted and not sent",
                "users.update: user.role.name is read, accepted and not sent",
                "users.update: user.role.privileges is read, accepted and not sent",
                "users.update: user.locale.links is not sent here",
            ]
        ),
    ]

    private func entry(of operation: Operation) throws -> Specification.Entry {
        let endpoint = try #require(operation.endpoint)
        return try #require(
            specification.entries.first { $0.method == endpoint.method.rawValue && $0.path == endpoint.path },
            "\(operation.name) is not in the specification")
    }

    @Test("holds every method and path of the specification once, and no other")
    func methodsAndPaths() throws {
        let ours = try Operation.console.map { operation in
            let endpoint = try #require(operation.endpoint)
            #expect(endpoint.service == .console)
            return "\(endpoint.method.rawValue) \(endpoint.path)"
        }
        #expect(ours.sorted() == specification.entries.map(\.title))
        #expect(ours.count == 32)
    }

    @Test("takes the specification's arguments and body fields, but for the deviations that have a reason")
    func argumentsAndBodies() throws {
        var differences: Set<String> = []
        for operation in Operation.console {
            let comparison = try SpecificationComparison(operation, to: entry(of: operation), in: specification)
            differences.formUnion(comparison.differences)
        }
        let documented = Self.deviations.reduce(into: Set<String>()) { $0.formUnion($1.differences) }
        #expect(differences.subtracting(documented).sorted() == [])
        #expect(documented.subtracting(differences).sorted() == [], "no longer true")
    }

    @Test("has a body exactly where the specification has one", arguments: Operation.console)
    func bodies(operation: Operation) throws {
        let hasBody = try entry(of: operation).parameters.contains { $0["in"] == "body" }
        #expect(operation.endpoint?.body == (hasBody ? .value : Endpoint.Body.none))
        #expect(operation.parameters.count { $0.location == .body } == (hasBody ? 1 : 0))
    }

    @Test("answers the specification's model and statuses", arguments: Operation.console)
    func responses(operation: Operation) throws {
        let entry = try entry(of: operation)
        #expect(operation.resultModel == entry.resultModel)
        #expect(operation.errorStatuses == entry.responses.keys.compactMap(Int.init).filter { $0 != 200 }.sorted())
    }

    @Test("gives a script what the model holds", arguments: Operation.console)
    func results(operation: Operation) throws {
        let contents = try specification.contents(of: operation.resultModel)
        switch operation.result {
        case .nothing: #expect(contents == [])
        case .resources: #expect(contents == ["resources"])
        case .page: #expect(contents == ["resources", "page"])
        case .member(let name), .secretMember(let name): #expect(contents == [name])
        case .object:
            // What only tells that something is there has no content but links.
            #expect(contents.contains("id") || operation.name == "privileges.get")
        case .value, .replyCount, .replyList: Issue.record("\(operation.name) has a result that is not the console's")
        }
    }

    @Test("seals the tokens and passwords of the specification, and nothing else")
    func secrets() {
        var secrets: Set<String> = []
        for operation in Operation.console {
            if case .secretMember = operation.result { secrets.insert("\(operation.name) answers") }
            for parameter in operation.parameters {
                if parameter.type == .secret { secrets.insert("\(operation.name) takes \(parameter.name)") }
                if case .object(let fields) = parameter.type {
                    for field in fields where field.type == .secret {
                        secrets.insert("\(operation.name) takes \(parameter.name).\(field.name)")
                    }
                }
            }
        }
        #expect(
            secrets == [
                "twofa.key answers", "twofa.regenerate answers", "twofa.set takes token",
                "users.reset_password takes password", "users.create takes user.password",
                "users.update takes user.password",
            ])
    }
}
