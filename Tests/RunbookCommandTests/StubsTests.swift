import LuaMachine
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("Definition files for editors")
struct StubsTests {
    private let made = Stubs().make()
    private var files: [(name: String, text: String)] { made.files.map { ($0.name, $0.text) } }

    @Test("there is one for each table of operations, one for all else, and one for test files")
    func names() {
        #expect(
            made.files.map(\.name) == [
                "users.lua", "roles.lua", "privileges.lua", "twofa.lua", "auth_sources.lua", "xpanse.lua",
                "runbook.lua", "test.lua",
            ])
    }

    @Test("each is Lua, and says in its first lines what it is")
    func areLua() throws {
        for file in files {
            _ = try LuaCompiler.compile(name: file.name, source: Array(file.text.utf8))
            #expect(file.text.hasPrefix(StubFile.mark + "\n---@meta _\n"), "\(file.name)")
        }
    }

    @Test("every annotation fits what follows it, and every type is defined")
    func areConsistent() {
        let checker = StubsChecker(files)
        #expect(checker.problems == [])
    }

    @Test("every operation, every function and value of the prelude and no other is defined")
    func areComplete() {
        let clock = (KnownNames.standard.members["os"] ?? []).map { "os." + $0 }
        let prelude = PreludeFunctions.all
        let expected = Set(Catalogue.standard.operations.map(\.name))
            .union(prelude.filter { $0.kind == .function }.map(\.name)).union(clock).union(["test"])
        #expect(StubsChecker(files).functions == expected)
        let text = files.map(\.text).joined()
        for value in prelude where value.kind == .value { #expect(text.contains("\n\(value.name) = nil\n")) }
    }

    @Test("every key of a test case is there, with what it means")
    func testCases() throws {
        let text = try #require(files.first { $0.name == "test.lua" }?.text)
        for key in TestKey.all {
            #expect(text.contains("---@field \(key.name)"), "\(key.name)")
            #expect(text.contains(" \(key.text)\n"), "\(key.name)")
        }
        #expect(text.contains("---@field login string The login name. Required."))
        #expect(text.contains("---@field given? RunbookTestGiven "))
        #expect(text.contains("---@field users? RunbookTestUser[] "))
        #expect(text.hasSuffix("function test(name) end\n"))
    }

    @Test("what is known of an operation stands beside it")
    func facts() throws {
        for operation in Catalogue.standard.operations {
            let file = try #require(files.first { $0.name == operation.table + ".lua" })
            let unwrapped = file.text.split(separator: "\n").map { $0.hasPrefix("---") ? $0.dropFirst(3) : $0 }
                .joined(separator: " ")
            let endpoint = try #require(operation.endpoint)
            for fact in [
                operation.summary, operation.documentation, "Effect: \(operation.effect.rawValue).",
                "`\(operation.capability)`", "`\(endpoint.method.rawValue) \(endpoint.path)`", operation.apiName,
            ] {
                #expect(unwrapped.contains(fact), "\(operation.name): \(fact)")
            }
        }
    }

    @Test("every reply has a type of its own")
    func replies() {
        for file in made.files {
            for case .function(let function) in file.items {
                guard let operation = Catalogue.standard.operations.first(where: { $0.name == function.name }) else {
                    continue
                }
                #expect(function.results.isEmpty == (operation.result == .nothing), "\(function.name)")
                for result in function.results where operation.resultModel != "Links" {
                    #expect(!["any", "table", "table[]", "any[]"].contains(result.type), "\(function.name)")
                }
            }
        }
    }

    @Test("a user that was read can be written back, and has no password")
    func users() throws {
        let users = try #require(files.first { $0.name == "users.lua" }?.text)
        #expect(users.contains("---@param user UserUpdate|User "))
        let start = try #require(users.firstRange(of: "---@class User\n"))
        let fields = users[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("---@field ") }
        #expect(fields.contains { $0.hasPrefix("---@field id UserId ") })
        #expect(!fields.contains { $0.hasPrefix("---@field password? ") || $0.hasPrefix("---@field password ") })
        #expect(users.contains("---@return UserId #"))
    }

    @Test("a manifest's capabilities are those that there are")
    func capabilities() throws {
        let text = try #require(files.first { $0.name == "runbook.lua" }?.text)
        for operation in Catalogue.standard.operations { #expect(text.contains("---| \"\(operation.capability)\"\n")) }
        #expect(text.contains("---| \"secrets:reveal\"\n"))
        #expect(text.contains("---@field needs? Capability[] "))
    }

    @Test("nothing that is known of types is known in vain")
    func refinements() {
        #expect(Set(StubKnowledge.refinements.keys).subtracting(made.refined) == [])
        let text = files.map(\.text).joined()
        for name in StubKnowledge.aliases.keys { #expect(text.contains("---@alias \(name)\n"), "\(name)") }
        for name in StubKnowledge.classNames.values { #expect(text.contains(") \(name)\n"), "\(name)") }
    }

    @Test("are the same each time")
    func deterministic() { #expect(Stubs().make().files == made.files) }

    @Test("look as they are to look")
    func golden() throws {
        try Golden.check(try #require(files.first { $0.name == "twofa.lua" }?.text), "stubs-twofa.txt")
    }

    @Test("an embedding program's operations are described too")
    func otherCatalogue() throws {
        let operation = Operation(
            "tickets.open", apiName: "open_ticket", endpoint: nil,
            parameters: [
                Parameter(
                    "ticket",
                    .object([
                        Field("title", .name, isRequired: true, documentation: "One line."),
                        Field(
                            "tags", .array(of: .oneOf([.name, .identifier]), minimumCount: 0), documentation: "Tags."),
                    ]), in: .body, documentation: "The ticket.")
            ],
            result: .value, effect: .unsafe, capability: "tickets:open", summary: "Open a ticket")
        let files = Stubs(catalogue: Catalogue([operation]), prelude: []).make().files
        #expect(files.map(\.name) == ["tickets.lua", "runbook.lua", "test.lua"])
        #expect(files[0].text.contains("---@field tags? (string|integer)[] Tags."))
        #expect(files[0].text.contains("function tickets.open(ticket, options) end"))
        #expect(StubsChecker(files.map { ($0.name, $0.text) }).problems == [])
    }

    @Test(
        "the checker sees what is wrong",
        arguments: [
            ("---@param id Nothing x\nfunction a(id) end", "Nothing is defined nowhere"),
            ("---@param ib integer x\nfunction a(id) end", "annotated are"),
            ("function a(id) end", "annotated are"),
            ("---@param id integer\nfunction a(id) end", "no word"),
            ("---@return integer number\nfunction a() end", "read as a name"),
            ("---@return table<string> # x\nfunction a() end", "is missing"),
            ("---@return fun(x): any # x\nfunction a() end", "is missing"),
            ("---@retrun integer # x\nfunction a() end", "not known"),
            ("---@class A\n\n---@class A\n", "defined twice"),
            ("---@field x integer x\nfunction a() end", "do not go together"),
            ("---| \"x\"\n", "without an alias"),
            ("function a() end\n\nfunction a() end", "defined twice"),
        ])
    func checkerSees(source: String, problem: String) {
        let checker = StubsChecker([("test.lua", "--\n---@meta _\n\n\(source)\n")])
        #expect(checker.problems.contains { $0.contains(problem) }, "\(checker.problems)")
    }
}
