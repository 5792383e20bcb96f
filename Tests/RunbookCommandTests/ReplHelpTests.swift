import LuaMachine
import Operations
import RunbookHost
import Testing

@testable import runbook

/// What question marks show.
struct ReplHelpTests {
    private static let commands = [
        SessionCommand(name: "mode", arguments: "[plan|live]", summary: "Shows or sets the mode.", text: "More of it."),
        SessionCommand(name: "load", arguments: "FILE", summary: "Runs a file.", text: ""),
    ]
    private static let pages = HelpPages(catalogue: .standard, commands: commands)

    /// A text without line ends and repeated blanks, in which wrapped sentences can be found.
    private static func joined(_ text: String) -> String {
        text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    // MARK: Operations

    @Test func thePageOfAnOperationSaysAll() {
        #expect(
            Self.pages.help(for: "users.unlock", width: 90) == """
                users.unlock(id)
                Unlock a user who failed to log in too often.

                A disabled account cannot be unlocked: enable it first. With which status the console
                refuses that is documented nowhere. There is no operation that locks.

                Arguments
                  id  an integer, required
                      The identifier of the user, a whole number such as 7.

                Facts
                  Answers     nothing
                  Effect      idempotent: changes something, and ends the same however often it is sent.
                              Plan mode shows it and does not send it; it is tried again after a failure,
                              and sent again when a run is resumed.
                  Capability  users:unlock
                  Request     DELETE /api/3/users/{id}/lock of the console, there called unlock_user

                Errors
                  401  unauthorized   wrong or missing credentials, or a permission is missing
                  404  not_found      there is no such thing, or the account may not see it
                  500  unavailable    the server failed
                  503  unavailable    the server is not ready; reads and what may be repeated were tried
                                      again

                Example
                  users.unlock(7)
                """)
    }

    @Test(arguments: Catalogue.standard.operations.map(\.name)) func everyOperationHasItsPage(name: String) throws {
        let operation = try #require(Catalogue.standard[name])
        let page = try #require(Self.pages.help(for: name))
        let text = Self.joined(page)
        var facts = [
            operation.signature, operation.summary, operation.documentation, operation.effect.words,
            operation.capability.rawValue, operation.apiName, OperationExample(operation).source,
        ]
        if let endpoint = operation.endpoint { facts.append("\(endpoint.method.rawValue) \(endpoint.path)") }
        for parameter in operation.parameters {
            facts += [parameter.name, parameter.type.description, parameter.documentation]
            if case .object(let fields) = parameter.type {
                facts += fields.filter { !$0.isReadOnly }.flatMap { [$0.name, $0.type.description, $0.documentation] }
            }
        }
        facts += operation.errorStatuses.map { "\($0) \(ErrorWords.kind($0).rawValue)" }
        for fact in facts { #expect(text.contains(Self.joined(fact)), "\(fact)") }
        for line in page.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test func namesOfTheAPIAndCallsFindTheOperation() {
        let page = Self.pages.help(for: "users.unlock")
        for name in ["unlock_user", "users.unlock(7)", " users.unlock ", "users . unlock(id)"] {
            #expect(Self.pages.help(for: name) == page, "\(name)")
        }
        #expect(Self.pages.help(for: "users.page { size = 5 }") == Self.pages.help(for: "users.page"))
    }

    @Test func statusesAreTheKindsThatScriptsGet() {
        let kinds: [Int: APIError.Kind] = [
            400: .badRequest, 401: .unauthorized, 402: .license, 403: .forbidden, 404: .notFound, 409: .conflict,
            422: .badRequest, 429: .rateLimited, 500: .unavailable, 503: .unavailable,
        ]
        for (status, kind) in kinds { #expect(ErrorWords.kind(status) == kind) }
        for status in Catalogue.standard.operations.flatMap(\.errorStatuses) { #expect(kinds[status] != nil) }
    }

    // MARK: Examples

    @Test(arguments: Catalogue.standard.operations.map(\.name)) func examplesOfOperationsAreWhatTheyTake(
        name: String
    ) throws {
        let operation = try #require(Catalogue.standard[name])
        let example = OperationExample(operation).source
        #expect(StatementParser.outcome(of: example, asExpression: true) == .whole, "\(example)")
        #expect(example.hasPrefix(name))
        #expect(!SecretLines.isSecret(example, catalogue: .standard))
        for parameter in operation.parameters where operation.convention == .named {
            #expect(example.contains("\(parameter.name) = "))
        }
    }

    @Test(arguments: PreludeFunctions.all.map(\.name)) func examplesOfFunctionsAreLua(name: String) throws {
        let function = try #require(PreludeFunctions.named(name))
        _ = try LuaCompiler.compile(name: name, source: Array(function.example.utf8))
        #expect(function.example.contains(name))
        #expect(!SecretLines.isSecret(function.example, catalogue: .standard))
    }

    @Test func examplesOfAnEmbeddingProgramFitItsTypes() {
        let operation = Operation(
            "things.make", apiName: "make", endpoint: nil,
            parameters: [
                Parameter("size", .integer(1...5), in: .body, documentation: ""),
                Parameter("flag", .boolean, in: .body, documentation: ""),
                Parameter(
                    "either", .oneOf([.array(of: .boolean, minimumCount: 1), .name]), in: .body, documentation: ""),
                Parameter("any", .any, in: .body, documentation: ""),
                Parameter("more", .name, in: .body, isRequired: false, documentation: ""),
                Parameter(
                    "deep",
                    .object([
                        Field(
                            "a", .object([Field("b", .secret, isRequired: true, documentation: "")]), isRequired: true,
                            documentation: "")
                    ]), in: .body, documentation: ""),
            ], result: .value, effect: .unsafe, capability: "things:make", summary: "Make")
        #expect(
            OperationExample(operation).source
                == "things.make(5, true, { true }, \"text\", { a = { b = secrets.generate(24) } })")
        let pages = HelpPages(catalogue: Catalogue([operation]), commands: [])
        #expect(pages.help(for: "things.make")?.contains("unsafe: must not be done twice") == true)
    }

    // MARK: Functions, tables, the library, commands

    @Test(arguments: PreludeFunctions.all.map(\.name)) func everyFunctionHasItsPage(name: String) throws {
        let function = try #require(PreludeFunctions.named(name))
        let page = try #require(Self.pages.help(for: name))
        let text = Self.joined(page)
        func check(_ parameter: PreludeFunction.Parameter) {
            #expect(text.contains(parameter.name))
            #expect(text.contains(Self.joined(parameter.documentation)), "\(parameter.name)")
            parameter.fields.forEach(check)
        }
        for fact in [function.signature, function.summary, function.documentation, function.example] {
            #expect(text.contains(Self.joined(fact)), "\(fact)")
        }
        for capability in function.capabilities { #expect(text.contains(capability.rawValue)) }
        function.parameters.forEach(check)
        for line in page.split(separator: "\n") where !function.example.contains(line.drop { $0 == " " }) {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test func aTableListsItsFunctions() throws {
        let page = try #require(Self.pages.help(for: "users"))
        for function in ["users.unlock(id)", "users.each {", "users.reset_password(id, password)", "Walk all users"] {
            #expect(page.contains(function), "\(function)")
        }
        #expect(page.contains("* users.unlock(id)") && page.contains("  users.get(id)"))
        #expect(page.contains("* changes something"))
        #expect(Self.pages.help(for: "roles.get")?.contains("a table with id, name (key, defaultValue") == true)
        #expect(try #require(Self.pages.help(for: "string")).contains("string.rep(s, n, [separator])"))
        #expect(try #require(Self.pages.help(for: "log")).contains("log.warn(message, [fields])"))
    }

    @Test func everyNameThatAScriptFindsHasAPage() {
        let names = LuaNames(catalogue: .standard)
        for (table, members) in names.members {
            #expect(Self.pages.help(for: table) != nil, "\(table)")
            for member in members { #expect(Self.pages.help(for: "\(table).\(member)") != nil, "\(table).\(member)") }
        }
        for global in names.globals { #expect(Self.pages.help(for: global) != nil, "\(global)") }
        for keyword in LuaKeyword.allCases { #expect(Self.pages.help(for: keyword.rawValue) != nil) }
    }

    @Test func theLibraryIsWhatTheMachineHas() {
        // One line each, and no line for what is not there.
        var expected = KnownNames.standard.globals.filter { PreludeFunctions.named($0) == nil }
        for (table, members) in KnownNames.standard.members {
            for member in members where PreludeFunctions.named("\(table).\(member)") == nil {
                expected.insert("\(table).\(member)")
            }
        }
        #expect(Set(LuaLibrary.all.keys) == expected)
        for (name, entry) in LuaLibrary.all { #expect(!entry.summary.isEmpty, "\(name)") }
    }

    @Test func whatIsNotThereSaysWhatToUseInstead() {
        #expect(Self.pages.help(for: "os.getenv")?.contains("declare a parameter") == true)
        #expect(Self.pages.help(for: "io.anything")?.contains("a runbook has no files") == true)
        #expect(Self.pages.help(for: "require")?.contains("a runbook is one file") == true)
    }

    @Test func commandsHaveTheirPages() {
        #expect(Self.pages.help(for: ".mode") == ".mode [plan|live]\nShows or sets the mode.\n\nMore of it.")
        #expect(Self.pages.help(for: "mode") == Self.pages.help(for: ".mode"))
        // A function of Lua comes first where both are called so.
        #expect(Self.pages.help(for: "load")?.hasPrefix("load(chunk") == true)
        #expect(Self.pages.help(for: ".load") == ".load FILE\nRuns a file.")
        #expect(Self.pages.help(for: ".nothing") == nil)
    }

    @Test(arguments: [
        ("users.unlokc", "Did you mean 'users.unlock'?"), ("user", "Did you mean 'users'?"),
        ("unlok_user", "Did you mean 'unlock_user'?"), (".mdoe", "Did you mean '.mode'?"),
        ("twofa.unlock", "There is: users.unlock"), ("nothing.like.it", "?users"), ("", "?users"),
    ]) func unknownNamesSayWhatMayBeMeant(name: String, advice: String) {
        #expect(Self.pages.help(for: name) == nil)
        #expect(Self.pages.unknown(name).contains(advice), "\(Self.pages.unknown(name))")
    }

    @Test func theOverviewNamesWhatThereIs() {
        let overview = Self.joined(Self.pages.overview())
        for name in ["users", "unlock", "patch", "xpanse", "set_role", "log", "parallel", "confirm", "generate"] {
            #expect(overview.contains(name), "\(name)")
        }
    }

    // MARK: Looks

    @Test func partsArePaintedByWhatTheyAre() throws {
        let marks: [HelpStyle: String] = [.title: "T", .heading: "H", .name: "N", .code: "C", .dim: "D"]
        let page = try #require(Self.pages.help(for: "users.unlock") { "\(marks[$1] ?? "?")⟨\($0)⟩" })
        for part in [
            "T⟨users.unlock(id)⟩", "H⟨Arguments⟩", "N⟨id⟩  D⟨an integer, required⟩", "N⟨Capability⟩  users:unlock",
            "C⟨users.unlock(7)⟩",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test(arguments: [0, 40, 57, 80, 200]) func linesFitTheWidth(width: Int) throws {
        for name in ["users.create", "users.patch", "users", "roles.update", "runbook", "string"] {
            let page = try #require(Self.pages.help(for: name, width: width))
            // What is written as it is: signatures, types, Lua.
            let limit = max(40, min(100, width))
            for line in page.split(separator: "\n") where line.count > limit {
                #expect(
                    !line.drop { $0 == " " }.dropFirst(limit).contains(" ") || line.contains("{") || line.contains("("))
            }
        }
    }

    @Test(arguments: [
        ("string", "a string"), ("string|string[]", "a string or a list of strings"),
        ("any[]|fun(): any", "a list or an iterator"),
        ("fun(item: any, index: integer): any", "a function"), ("table<string, table>", "a table"),
        ("integer", "an integer"),
        ("Secret|string", "a secret or a string"), ("any", "any value"), ("boolean", "a boolean"),
        ("number", "a number"),
    ]) func typesAreSaidInWords(type: String, words: String) {
        #expect(TypeWords.words(type) == words)
    }

    // MARK: Sources

    private static let sources = SourcePages(catalogue: .standard) { name in
        name == "unlock" || name == "./unlock.lua" ? "runbook {}\n" : nil
    }

    @Test(arguments: PreludeFunctions.all.filter { $0.kind == .function }.map(\.name))
    func everyFunctionThatTheHostAddsHasItsSource(name: String) async throws {
        guard case .source(let source) = await Self.sources.source(of: name) else {
            Issue.record("no source")
            return
        }
        // It stands for itself: a statement, or the member of a table.
        let isMember = StatementParser.outcome(of: source, asExpression: false) != .whole
        let statement = isMember ? "t = {\n\(source)\n}" : source
        #expect(StatementParser.outcome(of: statement, asExpression: false) == .whole, "\(source)")
        #expect(source.hasSuffix("end"))
        #expect(source.first != " ")
        if name.hasPrefix("log.") { #expect(source.contains("log[level] = function(message, fields)")) }
    }

    @Test func sourcesComeWithTheCommentAbove() async throws {
        #expect(
            await Self.sources.source(of: "users.find(filter)")
                == .source(
                    """
                    -- The first user that meets the filter, or nil.
                    function users.find(filter)
                        if type(filter) ~= "table" then invalid("users.find", "expected a filter such as { login = \\"…\\" }, got %s", kind_of(filter)) end
                        local next_user = each(filter)
                        return next_user()
                    end
                    """))
        guard case .source(let each) = await Self.sources.source(of: "users.each") else {
            Issue.record("no source")
            return
        }
        #expect(each.hasPrefix("-- An iterator over the users"))
        #expect(each.contains("\nlocal function each(filter)\n"))
        guard case .source(let encode) = await Self.sources.source(of: "json.encode") else {
            Issue.record("no source")
            return
        }
        #expect(encode.hasPrefix("encode = function(value, options)\n    return"))
    }

    @Test(arguments: [
        (
            "function a.b() if x then y() elseif z then w() else v() end end\nfunction c() end", "a.b",
            "function a.b() if x then y() elseif z then w() else v() end end"
        ),
        (
            "-- one\n\n-- two\n-- three\nlocal function f()\n  repeat g() until h\nend\nt.f = f", "t.f",
            "-- two\n-- three\nlocal function f()\n  repeat g() until h\nend"
        ),
        ("x = 1 -- not this\nfunction f() end", "f", "function f() end"),
        (
            "do\n    -- inside\n    t.g = function()\n        return 1\n    end\nend", "t.g",
            "-- inside\nt.g = function()\n    return 1\nend"
        ),
        ("t = { a = { f = function() end }, f = function(x) return x end }", "t.f", "f = function(x) return x end"),
        ("function f(", "f", nil), ("t.f = 1", "t.f", nil), ("x.t.f = f", "t.f", nil), ("", "f", nil),
        ("function f() end", "g", nil),
        ("function a.b.c() end", "a.b.c", nil),
    ]) func functionsAreCutOutWhole(text: String, name: String, source: String?) throws {
        let found = PreludeText(text).function(name)
        // The line that it stands in is shown whole up to its end.
        #expect(source == nil ? found == nil : found?.hasSuffix(source ?? "") == true, "\(found ?? "nothing")")
    }

    @Test(arguments: [
        ("users.unlock", "?users.unlock"), ("unlock_user", "?users.unlock"), ("string.rep", "written in C"),
        ("users.ptach", "Did you mean ??users.patch?"), ("", "no source"), ("params", "no source"),
    ]) func whatHasNoSourceSaysWhy(name: String, reason: String) async {
        guard case .none(let text) = await Self.sources.source(of: name) else {
            Issue.record("a source of \(name)")
            return
        }
        #expect(text.contains(reason), "\(text)")
    }

    @Test func runbooksAreShownByNameAndPath() async {
        for name in ["unlock", "./unlock.lua"] {
            #expect(await Self.sources.source(of: name) == .source("runbook {}\n"))
        }
    }
}
