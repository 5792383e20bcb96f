import Operations
import RunbookHost
import Synchronization
import Testing

@Suite struct FileParameterTests {
    private static let source = """
        runbook { params = { people = { type = "file", doc = "a CSV" }, lists = { type = "files" } } }
        return { people = params.people, lists = params.lists }
        """

    private static let files = ["people.csv": "login\nLovelace\n", "a.csv": "1", "b.csv": "2"]

    private func options(_ parameters: [String: ParameterInput]) -> RunOptions {
        var options = RunOptions(parameters: parameters)
        options.file = { name, path throws(ParameterFault) in
            guard let text = Self.files[path] else { throw ParameterFault(parameter: name, reason: "is not there") }
            return ParameterFile(name: path, text: text)
        }
        return options
    }

    @Test func aFileIsReadByTheHostAndGivenWithItsName() async throws {
        let outcome = try await HostHarness().run(
            Self.source, options(["people": .text("people.csv"), "lists": .text("a.csv, b.csv")]))
        #expect(
            outcome.result == [
                "people": ["name": "people.csv", "text": "login\nLovelace\n"],
                "lists": [["name": "a.csv", "text": "1"], ["name": "b.csv", "text": "2"]],
            ], "\(outcome.error?.message ?? "")")
    }

    @Test func aFileMayBeGivenWithoutAnyPath() async throws {
        let outcome = try await HostHarness().run(
            Self.source, RunOptions(parameters: ["people": .value(["name": "x", "text": "y"])]))
        #expect(outcome.result["people"]?["text"] == "y")
    }

    @Test func onlyWhatThePersonNamedIsRead() async throws {
        let asked = Mutex<[String]>([])
        var options = RunOptions(parameters: ["people": .text("people.csv")])
        options.file = { _, path in
            asked.withLock { $0.append(path) }
            return ParameterFile(name: path, text: "")
        }
        _ = try await HostHarness().run(Self.source, options)
        #expect(asked.withLock { $0 } == ["people.csv"])
    }

    @Test(
        arguments: [
            (["people": .text("other.csv")], "the parameter 'people' is not there"),
            (["lists": .text("a.csv,,b.csv")], "must be paths with a comma between two of them"),
            (["people": .value("text")], "must be a file: its name and text, not a string"),
            (["people": .value(["name": "x"])], "must be a file: its name and text"),
            (["lists": .value(["x"])], "must be a list of files"),
        ] as [([String: ParameterInput], String)])
    func wrongFilesEndTheRun(given: [String: ParameterInput], message: String) async throws {
        let outcome = try await HostHarness().run(Self.source, options(given))
        #expect(outcome.error?.kind == "parameters")
        #expect(outcome.error?.message.contains(message) == true, "\(outcome.error?.message ?? "")")
    }

    @Test func aHostThatReadsNoFilesSaysSo() async throws {
        let outcome = try await HostHarness().run(Self.source, RunOptions(parameters: ["people": .text("people.csv")]))
        #expect(outcome.error?.message.contains("this host reads none: give its name and text") == true)
    }

    @Test(arguments: [("file", "default = {}"), ("files", "choices = {}")])
    func whichFileItIsDoesNotStandInTheSource(type: String, key: String) async throws {
        let outcome = try await HostHarness().run("runbook { params = { f = { type = \"\(type)\", \(key) } } }")
        #expect(outcome.error?.message.contains("which file it is says who runs it") == true)
    }

    @Test(arguments: ["file", "files", "secret", "integer"]) func onlyStringsHavePatterns(type: String) async throws {
        let outcome = try await HostHarness().run(
            "runbook { params = { f = { type = \"\(type)\", pattern = \"x\" } } }")
        #expect(outcome.error?.message.contains("has a pattern, which only strings have") == true)
    }

    @Test func theJournalKeepsFilesClosedAndResumesWithThem() async throws {
        let world = MortalWorld()
        let source = """
            runbook { params = { people = { type = "file" }, key = { type = "secret" } }, needs = { "users:unlock" } }
            users.unlock(1)
            return { params.people.text, params.key }
            """
        var options = options(["people": .text("people.csv"), "key": .text("hunter22")])
        world.live(until: .afterRequest(1))
        let run = try world.host().start(Runbook(name: "x.lua", source: source), options: options)
        _ = await run.outcome
        let rows = try await world.memory.journal(of: run.id, after: 0, limit: 100)
        #expect(!rows.isEmpty)
        for row in rows { #expect(!String(decoding: row.content, as: UTF8.self).contains("Lovelace")) }

        world.live()
        options.file = { name, _ throws(ParameterFault) in throw ParameterFault(parameter: name, reason: "is gone") }
        let outcome = try await world.host().resume(run.id, options: options).outcome
        #expect(outcome.result.arrayValue?.first == "login\nLovelace\n", "\(String(describing: outcome.error))")
    }

    @Test func aMissingFileIsAskedForByItsPath() async throws {
        let outcome = try await HostHarness().run(
            "runbook { params = { f = { type = \"file\", required = true } } }", RunOptions())
        #expect(outcome.error?.message.contains("give it with --param f=PATH") == true)
    }

    @Test func recordsAndPlansTellAFileApartAndKeepItsContentClosed() async throws {
        let world = MortalWorld()
        var options = options(["people": .text("people.csv")])
        let run = try world.host().start(Runbook(name: "x.lua", source: Self.source), options: options)
        #expect(await run.outcome.status == .succeeded)
        let record = try await world.memory.run(run.id)
        let shown = record.parameters["people"]?.stringValue ?? ""
        #expect(shown.hasPrefix("people.csv (15 bytes, SHA-256 "))
        #expect(!JSONValue.object(record.parameters).text.contains("Lovelace"))

        options.mode = .plan
        let plan = try #require(
            try await world.host().start(Runbook(name: "x.lua", source: Self.source), options: options).outcome.plan)
        #expect(plan.shownParameters["people"]?.stringValue == shown)
        let document = PlanDocument.write(plan, sealer: try #require(MortalWorld.sealer))
        #expect(!String(decoding: document, as: UTF8.self).contains("Lovelace"))
        #expect(plan.parameters["people"]?["text"] == "login\nLovelace\n")
    }
}
