import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite struct ManifestTests {
    @Test(
        arguments: [
            ("return 1", "has no manifest", "test.lua:1"),
            ("users.get(1)\nrunbook {}", "users.get is called before runbook", "test.lua:1"),
            ("for user in users.each {} do end", "a function that calls users.page, such as users.each", "test.lua:1"),
            ("\nrunbook { titel = 'x' }", "unknown key 'titel'; did you mean 'title'?", "test.lua:2"),
            ("runbook { title = 3 }", "title of the manifest must be a string", "test.lua:1"),
            ("runbook { needs = 'users:read' }", "needs must be a list", "test.lua:1"),
            ("runbook { needs = { 'users' } }", "no capability", "test.lua:1"),
            ("runbook { needs = { 'users:unlok' } }", "did you mean 'users:unlock'?", "test.lua:1"),
            ("runbook { params = { x = { type = 'int' } } }", "unknown type 'int'", "test.lua:1"),
            ("runbook { params = { x = { requird = true } } }", "did you mean 'required'?", "test.lua:1"),
            (
                "runbook { params = { x = { type = 'integer', default = 'a' } } }", "the default of the parameter 'x'",
                "test.lua:1"
            ),
            ("runbook { limits = { time = 'soon' } }", "the limit time must be a duration", "test.lua:1"),
            ("runbook { limits = { change = 1 } }", "did you mean 'changes'?", "test.lua:1"),
            (
                "runbook { limits = { memory = '100KB' } }",
                "the limit memory must be a size of 1MB or more, such as \"64MB\", not \"100KB\"", "test.lua:1"
            ),
            ("runbook { limits = { memory = 1048575 } }", "a size of 1MB or more", "test.lua:1"),
            ("runbook {}\nrunbook {}", "is there twice", "test.lua:2"),
        ])
    func aFaultNamesTheKeyAndThePlace(script: (source: String, message: String, place: String)) async throws {
        let harness = HostHarness()
        let outcome = try await harness.run(script.source)
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "manifest")
        #expect(outcome.error?.message.contains(script.message) == true, "\(String(describing: outcome.error))")
        #expect(outcome.error?.location == script.place)
        #expect(harness.transport.sent.isEmpty)
    }

    @Test(arguments: MachineKind.allCases)
    func readingAManifestLetsNoCallThrough(kind: MachineKind) async throws {
        let harness = HostHarness(kind)
        let runbook = Runbook(
            name: "test.lua",
            source: """
                runbook {
                  title = "Unlock", doc = "more", needs = { "users:unlock" },
                  params = { role = { type = "string", required = true, doc = "a role" }, n = { type = "integer", default = 3 } },
                  limits = { changes = 5, time = "90s", memory = "32MB" },
                }
                users.unlock(1)
                """)
        let manifest = try await harness.host().manifest(of: runbook)
        #expect(manifest.title == "Unlock")
        #expect(manifest.needs == ["users:unlock"])
        #expect(manifest.parameters.map(\.name) == ["n", "role"])
        #expect(manifest.limits.time == .seconds(90))
        #expect(manifest.limits.memory == 32 << 20)
        #expect(harness.transport.sent.isEmpty)
        await #expect(throws: RunError.self) {
            try await harness.host().manifest(of: Runbook(name: "x.lua", source: "return 1"))
        }
        await #expect(throws: RunError.self) {
            try await harness.host().manifest(of: Runbook(name: "x.lua", source: "x x"))
        }
    }

    static let parameters = """
        runbook { params = {
          role = { required = true, doc = "a role id" }, count = { type = "integer", default = 2 }, ratio = { type = "number" },
          force = { type = "boolean" }, names = { type = "array" }, mode = { choices = { "a", "b" } },
          email = { pattern = "[^@]+@[^@]+" },
        } }
        return params
        """

    @Test func parametersAreReadByTheirTypes() async throws {
        let options = RunOptions(parameters: [
            "role": .text("x"), "ratio": .text("0.5"), "force": .text("true"), "names": .text("a, b"),
            "mode": .text("b"),
            "email": .text("a@b"),
        ])
        let outcome = try await HostHarness().run(Self.parameters, options)
        #expect(
            outcome.result == [
                "role": "x", "count": 2, "ratio": 0.5, "force": true, "names": ["a", "b"], "mode": "b", "email": "a@b",
            ], "\(String(describing: outcome.error))")
    }

    @Test(
        arguments: [
            ([:], "'role' is missing (a role id): give it with --param role=VALUE"),
            (["role": "x", "count": "two"], "'count' must be an integer, not 'two'"),
            (["role": "x", "force": "maybe"], "'force' must be true or false"),
            (["role": "x", "mode": "c"], "'mode' must be one of a, b, not c"),
            (["role": "x", "rolle": "y"], "'rolle' does not exist; did you mean 'role'?"),
            (["role": "x", "email": "nobody"], "'email' must match"),
        ] as [([String: String], String)])
    func wrongParametersEndTheRunBeforeItBegins(given: [String: String], message: String) async throws {
        let options = RunOptions(parameters: given.mapValues { .text($0) })
        let outcome = try await HostHarness().run(Self.parameters, options)
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "parameters", "\(String(describing: outcome.error))")
        #expect(outcome.error?.message.contains(message) == true, "\(String(describing: outcome.error))")
    }
}
