import ArgumentParser
import CommandSupport
import FoundationEssentials
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("The reference")
struct ReferenceTests {
    private static let pages = Reference.pages

    private var pages: [ReferencePage] { Self.pages }

    private func page(_ name: String) throws -> String { try #require(pages.first { $0.name == name }).text }

    /// The part of a page below a heading, up to the next one that is not deeper.
    private func section(_ heading: String, of page: String) throws -> String {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(
            lines.firstIndex { $0.hasPrefix("##") && $0.hasSuffix("# \(Markdown.plain(heading))") }, "\(heading)")
        let depth = lines[start].prefix { $0 == "#" }.count
        let rest = lines[(start + 1)...]
        let end = rest.firstIndex { $0.hasPrefix("#") && $0.prefix { $0 == "#" }.count <= depth } ?? rest.endIndex
        return rest[..<end].joined(separator: "\n")
    }

    @Test("the pages are written as docc reads them, and link to pages that there are")
    func structure() throws {
        let names = Set(pages.map(\.name))
        #expect(names.count == pages.count)
        for page in pages {
            let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines[0].hasPrefix("# "), "\(page.name)")
            #expect(lines[1].isEmpty && !lines[2].isEmpty, "\(page.name): an abstract")
            #expect(lines.suffix(2) == [ReferencePage.mark, ""], "\(page.name)")
            var isCode = false
            var columns: Int?
            for (index, line) in lines.enumerated() {
                let place = "\(page.name):\(index + 1): \(line)"
                if line.hasPrefix("```") { isCode.toggle() }
                guard !isCode else { continue }
                #expect(!line.hasPrefix("@"), "\(place)")
                if line.hasPrefix("|") {
                    let cells = line.replacing("\\|", with: "").split(separator: "|", omittingEmptySubsequences: false)
                    #expect(columns == nil || columns == cells.count, "\(place)")
                    columns = cells.count
                } else {
                    columns = nil
                }
                for match in line.matches(of: /<doc:([^>#]+)/) {
                    #expect(names.contains(String(match.1)), "\(place)")
                }
            }
            #expect(!isCode, "\(page.name): a block of code is not closed")
        }
        let index = try page("Reference-index")
        for name in names where name != "Reference-index" { #expect(index.contains("- <doc:\(name)>"), "\(name)") }
    }

    @Test("every operation has its signature, arguments, effect, capability, request and an example")
    func operations() throws {
        let page = try page("Operations-reference")
        for operation in Catalogue.standard.operations {
            let text = try section(operation.name, of: page)
            #expect(text.contains("```lua\n\(operation.signature)\n```"), "\(operation.name)")
            #expect(text.contains("```lua\n\(OperationExample(operation).source)\n```"), "\(operation.name)")
            #expect(text.contains(Prose.standard.markup(operation.summary)), "\(operation.name)")
            #expect(text.contains("| Effect | \(operation.effect.rawValue): "), "\(operation.name)")
            #expect(text.contains("| Capability | `\(operation.capability)` |"), "\(operation.name)")
            for parameter in operation.parameters {
                #expect(text.contains("| `\(parameter.name)` | "), "\(operation.name) \(parameter.name)")
            }
            let endpoint = try #require(operation.endpoint)
            #expect(text.contains("`\(endpoint.method.rawValue) \(endpoint.path)`"), "\(operation.name)")
            #expect(text.contains("`\(operation.apiName)`"), "\(operation.name)")
        }
        let creation = try section("users.create", of: page)
        #expect(creation.contains("| `user.role.allSites` | a boolean | optional | "))
        #expect(!creation.contains("`user.locked`"))
    }

    @Test("every function of a script has its place, and what is not there too")
    func functions() throws {
        let page = try page("Lua-functions-reference")
        for function in PreludeFunctions.all {
            let text = try section(function.name, of: page)
            #expect(text.contains("```lua\n\(function.signature)\n```"), "\(function.name)")
            #expect(text.contains("```lua\n\(function.example)\n```"), "\(function.name)")
            for parameter in function.parameters {
                #expect(text.contains("| `\(parameter.name)` | "), "\(function.name)")
            }
            for capability in function.capabilities { #expect(text.contains("`\(capability)`"), "\(function.name)") }
        }
        for (name, entry) in LuaLibrary.all { #expect(page.contains("| `\(name)\(entry.call)` | "), "\(name)") }
        for name in KnownNames.standard.advice.keys { #expect(page.contains("| `\(name)` | "), "\(name)") }
    }

    @Test("a manifest takes every key, type and limit that is documented")
    func manifest() throws {
        let page = try page("Manifest-reference")
        for type in ParameterDeclaration.ValueType.allCases {
            #expect(page.contains("| `\(type.rawValue)` | "))
            let manifest = try Manifest(["params": ["x": ["type": .string(type.rawValue)]]], line: 1)
            #expect(manifest.parameter("x")?.type == type)
        }
        for key in ParameterKey.allCases { #expect(page.contains("| `\(key.rawValue)` | ")) }
        for key in try #require(PreludeFunctions.named("runbook")?.parameters.first?.fields) {
            #expect(page.contains("| `\(key.name)` | "))
        }
        for capability in Set(Catalogue.standard.operations.map(\.capability)) {
            #expect(page.contains("| `\(capability)` | "), "\(capability)")
        }
        let limits = try self.page("Limits-reference")
        let flags = try #require(CommandHelp.root.family.first { $0.path == ["runbook", "run"] }).arguments.flatMap(
            \.names)
        for name in RunLimits.Name.allCases {
            #expect(limits.contains("| `\(name.rawValue)` | \(name.standard) | "), "\(name)")
            #expect(throws: Never.self) { try Manifest(["limits": [name.rawValue: 2_000_000]], line: 1) }
            if let flag = name.flag { #expect(flags.contains(flag)) }
        }
        let fields =
            PreludeFunctions.named("runbook")?.parameters.first?.fields.first { $0.name == "limits" }?.fields ?? []
        #expect(Set(fields.map(\.name)) == Set(RunLimits.Name.allCases.map(\.rawValue)))
    }

    @Test("every kind of error that the host or the prelude makes is explained")
    func errorKinds() throws {
        let page = try page("Error-kinds-reference")
        let known = Set(RunError.Kind.allCases.map(\.rawValue)).union(APIError.Kind.allCases.map(\.rawValue))
        for kind in known { #expect(page.contains("| `\(kind)` | "), "\(kind)") }
        var made: Set<String> = []
        for line in try Sources.lines(containing: ["kind: \"", "RunError("], below: "RunbookHost") {
            guard !line.text.contains("only(") else { continue }
            for match in line.text.matches(of: /kind: "([a-z_]+)"/) { made.insert(String(match.1)) }
            // The compiler knows these; that they are found shows that the others are looked for where they are.
            for match in line.text.matches(of: /RunError\(\.([a-z]+),/) { made.insert(String(match.1)) }
        }
        for line in try Sources.lines(containing: ["kind = \""], below: "RunbookHost", endings: [".lua"]) {
            for match in line.text.matches(of: /kind = "([a-z_]+)"/) { made.insert(String(match.1)) }
        }
        let marks = ["\\\"kind\\\":", "rb_raise_may_raise(L, \"", "payload_text(machine, \""]
        for line in try Sources.lines(containing: marks, below: "CRunbookVM", endings: [".c", ".cpp"]) {
            for match in line.text.matches(of: /\\"kind\\":\\"([a-z]+)/) { made.insert(String(match.1)) }
            for match in line.text.matches(of: /(?:rb_raise_may_raise\(L|payload_text\(machine), "([a-z_]+)"/) {
                made.insert(String(match.1))
            }
        }
        #expect(made.isSuperset(of: ["manifest", "machine", "store", "limit", "deadlock", "invalid_argument"]))
        #expect(made.subtracting(known) == [])
    }

    @Test("every status, exit code, finding, event and fault is explained")
    func words() throws {
        let statuses = try page("Statuses-reference")
        for status in RunStatus.allCases { #expect(statuses.contains("| `\(status.rawValue)` | ")) }
        let codes = try page("Exit-codes-reference")
        for status in ExitStatus.allCases {
            #expect(codes.contains("| \(status.rawValue) | \(Prose.standard.markup(status.meaning)) |"))
        }
        #expect(codes.contains("| `runbook audit verify` | 0, 1, 7, 64 |"))
        let findings = try page("Check-findings-reference")
        for code in Finding.Code.allCases { #expect(findings.contains("| `\(code.rawValue)` | ")) }
        let events = try page("Audit-events-reference")
        for kind in AuditEvent.Kind.allCases { #expect(events.contains("| `\(kind.rawValue)` | ")) }
        for kind in AuditFault.Kind.allCases { #expect(events.contains("| `\(kind.rawValue)` | ")) }
        // A sentence each, and none twice where it would tell nothing.
        let sentences = Finding.Code.allCases.map(\.meaning) + AuditFault.Kind.allCases.map(\.meaning)
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("every member that is written to the audit log is explained")
    func auditMembers() throws {
        let known = Set(AuditMember.allCases.map(\.rawValue))
        var written: Set<String> = []
        let folders = ["RunbookHost/Audit", "runbook/Audit", "RunbookSchedule/Rules"]
        let files = ["Auditor.swift", "AuditLine.swift", "AuditCheckpointer.swift"]
        for folder in folders {
            for line in try Sources.lines(containing: ["members[\"", "\": .", "\": record."], below: folder)
            where files.contains(line.file) || line.file.hasPrefix("ScheduleTurn") {
                for match in line.text.matches(of: /members\["([a-z_0-9]+)"\] =/) { written.insert(String(match.1)) }
                for match in line.text.matches(of: /"([a-z_0-9]+)": (?:\.|record\.)/) {
                    written.insert(String(match.1))
                }
            }
        }
        let lines = try Sources.lines(
            containing: ["| `"], below: "RunbookHost/RunbookHost.docc", endings: ["Audit.md"])
        let article = lines.map(\.text).joined(separator: "\n")
        for name in known.union(AuditEvent.Kind.allCases.map(\.rawValue)) {
            #expect(article.contains("`\(name)`"), "\(name) in Audit.md")
        }
        #expect(written.isSuperset(of: ["run", "outcome", "sequence", "checkpoint", "action", "count"]))
        // `kind` and `message` stand within `error`; the others are those of notices.
        #expect(written.subtracting(known) == ["kind", "message", "attempts"])
    }

    @Test("every variable of which the sources speak is explained")
    func variables() throws {
        let page = try page("Environment-variables-reference")
        let known = Set(EnvironmentVariable.all.map(\.name))
        #expect(known.count == EnvironmentVariable.all.count)
        for name in known { #expect(page.contains("| `\(name)` | "), "\(name)") }
        // The argument parser tells a completion script's shell so.
        let foreign: Set<String> = ["SAP_SHELL"]
        for line in try Sources.lines(containing: ["RUNBOOK_"]) {
            for match in line.text.matches(of: /RUNBOOK_[A-Z_]*/) {
                let word = String(match.0)
                let isBeginning = word.hasSuffix("_") || ["RUNBOOK_CONSOLE", "RUNBOOK_XPANSE"].contains(word)
                #expect(
                    isBeginning ? known.contains { $0.hasPrefix(word) } : known.contains(word),
                    "\(line.file): \(line.text)")
            }
        }
        for line in try Sources.lines(containing: ["environment[\"", "getenv(\"", "variable(\""]) {
            for match in line.text.matches(of: /(?:environment\[|getenv\(|variable\()"([A-Z][A-Z_]+)"/) {
                let word = String(match.1)
                // Of a service only the end of the name stands there.
                let isSetting = EnvironmentVariable.ServiceSetting(rawValue: word) != nil
                #expect(known.contains(word) || foreign.contains(word) || isSetting, "\(line.file): \(line.text)")
            }
        }
    }

    @Test("every key that is read from configuration files is explained")
    func configuration() throws {
        let page = try page("Configuration-reference")
        let keys = ConfigurationSection.allCases.flatMap(\.keys)
        #expect(keys.count == ConfigurationKey.all.count)
        for key in keys {
            let heading = key.section == .file ? "The file" : key.section == .secret ? "Secrets" : key.section.path
            #expect(try section(heading, of: page).contains("| `\(key.name)` | "), "\(heading) \(key.name)")
        }
        let names = Set(keys.map(\.name))
        var read: Set<String> = []
        for line in try Sources.lines(containing: ["(\"", "            \""], below: "runbook/Configuration")
        where line.file == "ConfigurationFile+Reading.swift" {
            for match in line.text.matches(of: /(?:text|texts|value|mapping|secret|contains|isScalar)\("([a-z_]+)"/) {
                read.insert(String(match.1))
            }
        }
        #expect(read.isSuperset(of: ["url", "targets", "checkpoint", "tasks"]))
        #expect(read.subtracting(names) == [])
    }

    @Test("the example of a configuration file is one")
    func configurationExample() throws {
        var world = World(user: ConfigurationReference.example)
        world.environment["XPANSE_KEY"] = "key"
        world.files.files["/home/ada/.config/runbook/console-password"] = "password"
        let configuration = try world.load()
        #expect(configuration.targetName == "prod")
        #expect(configuration.limits.changes == 500)
        #expect(configuration.warnings == [])
    }

    @Test("every key that a test file may have is explained, and no other")
    func testKeys() throws {
        let page = try page("Test-cases-reference")
        for key in TestKey.all {
            #expect(try section(key.table.rawValue, of: page).contains("| `\(key.name)` | "), "\(key.name)")
        }
        var read: Set<String> = []
        for folder in ["RunbookTesting/Cases", "ConsoleModel/World"] {
            for line in try Sources.lines(containing: ["known: [\"", "        \""], below: folder) {
                // Lists of keys, and nothing else in quotes.
                let list = line.text.split(separator: "known: ").last ?? ""
                guard list.wholeMatch(of: /\s*\[?\s*("[a-z_]+"(, |,)?)+\]?\)*\s*\{?/) != nil else { continue }
                for match in list.matches(of: /"([a-z_]+)"/) { read.insert(String(match.1)) }
            }
        }
        #expect(read.isSuperset(of: ["given", "kill", "oddities", "asset_groups", "last_login", "times"]))
        #expect(read == Set(TestKey.all.map(\.name)))
    }

    @Test("every metric of the daemon is explained")
    func metrics() throws {
        let page = try page("Metrics-reference")
        var named: Set<String> = []
        for line in try Sources.lines(containing: ["\"runbook_"], below: "runbook/Serve") {
            for match in line.text.matches(of: /"(runbook_[a-z_]+)"/) { named.insert(String(match.1)) }
        }
        #expect(named.contains("runbook_runs_total"))
        for name in named { #expect(page.contains("| `\(name)` | "), "\(name)") }
        #expect(page.contains("`status`: `succeeded`, "))
    }

    @Test("every command has its abstract, its arguments and its options")
    func commands() throws {
        let page = try page("Commands-reference")
        let shared = CommandHelp.sharedNames
        for command in CommandHelp.root.family where command.path.count > 1 {
            let name = command.path.joined(separator: " ")
            let text = try section(name, of: page)
            #expect(text.contains(Prose.standard.markup(command.abstract)), "\(name)")
            for option in command.arguments where !option.names.contains(where: shared.contains) {
                for word in option.names { #expect(text.contains("`\(word)"), "\(name) \(word)") }
            }
        }
        let common = try section("Options of all commands", of: page)
        for option in ["--state dir", "--json", "--help"] { #expect(common.contains("`\(option)`")) }
    }

    @Test(
        "prose names what it names as code",
        arguments: [
            ("Use users.get(7), not users.page.", "Use `users.get(7)`, not `users.page`."),
            ("Give it with --param role=user, or --yes.", "Give it with `--param role=user`, or `--yes`."),
            (
                "See 'runbook check --help'; runbook list, a runbook.",
                "See `runbook check --help`; `runbook list`, a runbook."
            ),
            (
                "The kind not_found, passwordResetOnLogin, limits.time.",
                "The kind `not_found`, `passwordResetOnLogin`, `limits.time`."
            ),
            ("A list { a = 1 } | <x> *y*.", "A list `{ a = 1 }` \\| \\<x\\> \\*y\\*."),
            ("In $XDG_STATE_HOME/runbook.", "In `$XDG_STATE_HOME/runbook`."),
            ("As --param roles=a,b; so.", "As `--param roles=a,b`; so."),
        ])
    func prose(text: String, markup: String) { #expect(Prose.standard.markup(text) == markup) }

    @Test("a cell may hold what ends a cell")
    func cells() {
        var page = Markdown(title: "A *title*", abstract: "So.")
        page.table(["a", "b"], [["`x|y`", "1\\|2\n3"]])
        #expect(page.text == "# A \\*title\\*\n\nSo.\n\n| a | b |\n| --- | --- |\n| `x\\|y` | 1\\|2 3 |\n")
    }

    @Test("runbook manual --reference writes the pages, and leaves alone what it did not write")
    func command() async throws {
        try await CommandHarness.without { command in
            let first = try await command.run("manual", "--reference", "pages")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output == pages.map { "wrote pages/\($0.fileName)\n" }.joined())
            let again = try await command.run("manual", "--reference", "pages")
            #expect(again.output == "nothing to write: \(pages.count) files are as they should be\n")
            let folder = URL(filePath: command.directory + "/pages")
            let written = try Data(contentsOf: folder.appending(path: "Exit-codes-reference.md"))
            #expect(String(decoding: written, as: UTF8.self) == (try page("Exit-codes-reference")))

            try Data("# Mine\n".utf8).write(to: folder.appending(path: "Limits-reference.md"))
            let foreign = try await command.run("manual", "--reference", "pages")
            #expect(foreign.status == 64)
            #expect(foreign.errors.contains("pages/Limits-reference.md is there already"), "\(foreign.errors)")
        }
    }

    @Test("runbook list --markdown tells of runbooks what their manifests say")
    func runbooks() async throws {
        try await CommandHarness.without { command in
            let folder = URL(filePath: command.directory + "/runbooks")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let source = """
                runbook {
                  title  = "Do it",
                  doc    = "With users.get, for <everybody>.",
                  params = {
                    role = { type = "string", required = true, doc = "role id" },
                    how  = { choices = { "a", "b" }, default = "a", doc = "which way" },
                  },
                  needs  = { "users:read" },
                  limits = { changes = 2, time = "5m" },
                }
                """
            try Data(source.utf8).write(to: folder.appending(path: "do-it.lua"))
            try Data("runbook { tittle = 1 }".utf8).write(to: folder.appending(path: "broken.lua"))
            let outcome = try await command.run("list", "--markdown")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("broken"), "\(outcome.errors)")
            #expect(
                outcome.output == """
                    # Runbooks

                    What each runbook does, takes and may do, as its manifest says.

                    | Runbook | What it does |
                    | --- | --- |
                    | `do-it` | Do it |

                    ## do-it

                    Do it.

                    With `users.get`, for \\<everybody\\>.

                    | Parameter | Type |  | Meaning |
                    | --- | --- | --- | --- |
                    | `how` | `string` | default `a` | which way: `a`, `b` |
                    | `role` | `string` | required | role id |

                    | Fact |  |
                    | --- | --- |
                    | Capabilities | `users:read` |
                    | Limits | `time` 5 min, `changes` 2 |

                    """)
            #expect(try await command.run("list", "--markdown", "--json").status == 64)
        }
    }
}
