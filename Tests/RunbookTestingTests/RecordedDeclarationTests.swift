import Operations
import RunbookHost
import RunbookTesting
import Testing

@Suite("What a source declares that replays a run")
struct RecordedDeclarationTests {
    private static let people: JSONValue = [
        "users": [
            ["id": 7, "login": "ada", "locked": true], ["id": 8, "login": "bob", "locked": true],
            ["id": 9, "login": "eve", "locked": true],
        ]
    ]

    private static let params = "max = { type = \"integer\", default = 3 }, role = {}, why = {}"
    private static let needs = "\"users:read\", \"users:unlock\""

    /// The runbook, with its declaration as it was or another one.
    private static func runbook(
        params: String = params, needs: String = needs, limits: String = "", code: String = ""
    ) -> String {
        """
        runbook { params = { \(params) }, needs = { \(needs) }, limits = { \(limits) } }
        local unlocked = {}
        for user in users.each { locked = true } do
          if #unlocked < params.max then
            users.unlock(user.id)
            unlocked[#unlocked + 1] = user.login
          end
        end
        \(code)
        return unlocked
        """
    }

    private func trial() async throws -> RecordedTrial {
        let trial = try await RecordedTrial(
            Self.runbook(), given: Self.people, parameters: ["max": .text("3"), "why": .text("locked out")])
        try #require(trial.outcome.status == .succeeded, "\(trial.outcome)")
        return trial
    }

    @Test func theSameDeclarationAllowsTheSame() async throws {
        let trial = try await trial()
        for source in [nil, Self.runbook(), Self.runbook(limits: "changes = 3, calls = 100")] {
            let result = try await trial.replay(source)
            #expect(result.status == .passed, "\(result)")
        }
    }

    @Test(
        "one that does not allow what the run did is told",
        arguments: [
            (
                Self.runbook(needs: "\"users:read\""), "needs",
                "\"users:unlock\", for users.unlock, which the run called",
                "\"users:read\""
            ),
            (Self.runbook(limits: "changes = 2"), "limits.changes", "3 or more, as many as the run made", "2"),
            (Self.runbook(limits: "calls = 3"), "limits.calls", "4 or more, as many as the run made", "3"),
            (
                Self.runbook(params: "mx = { type = \"integer\", default = 3 }, why = {}"), "params",
                "what the run was given", "the parameter 'max' does not exist; did you mean 'mx'?"
            ),
            (
                Self.runbook(params: "max = { type = \"integer\" }, why = { type = \"integer\" }"), "params",
                "what the run was given", "the parameter 'why' must be an integer, not 'locked out'"
            ),
            (
                Self.runbook(params: "max = { type = \"integer\" }, role = { required = true }, why = {}"), "params",
                "what the run was given", "the parameter 'role' is missing: give it with --param role=VALUE"
            ),
        ])
    func declarations(source: String, what: String, expected: String, found: String) async throws {
        let result = try await trial().replay(source)
        #expect(result.status == .failed)
        let difference = try #require(result.differences.first, "\(result)")
        #expect(difference.what == what && difference.expected == expected && difference.found == found, "\(result)")
        #expect(result.differences.count == 1)
    }

    @Test func anotherDefaultIsAnotherParameter() async throws {
        let trial = try await RecordedTrial(Self.runbook(), given: Self.people)
        let other = try await trial.replay(Self.runbook(params: "max = { type = \"integer\", default = 4 }"))
        #expect(other.differences.map(\.what) == ["params.max"] && other.differences.first?.found == "4", "\(other)")
        let none = try await trial.replay(Self.runbook(params: "max = { type = \"integer\" }"))
        #expect(none.differences.map(\.found) == ["nothing"], "\(none)")
    }

    @Test func aNewParameterHasItsDefault() async throws {
        let result = try await trial().replay(
            Self.runbook(
                params: Self.params + ", rest = { type = \"array\", default = {} }", code: "assert(#params.rest == 0)"))
        #expect(result.status == .passed, "\(result)")
    }

    @Test func secretsAndFilesAreTheSame() async throws {
        func runbook(_ more: String) -> String {
            """
            runbook { params = { password = { type = "secret" }, list = { type = "file" }\(more) } }
            return { password = params.password, name = params.list.name, text = params.list.text }
            """
        }
        let trial = try await RecordedTrial(
            runbook(""), given: [:],
            parameters: [
                "password": .text("hunter2"), "list": .value(ParameterFile(name: "a.csv", text: "login\nada").value),
            ])
        try #require(trial.outcome.status == .succeeded, "\(trial.outcome)")
        for source in [runbook(""), runbook(", more = { default = \"x\" }")] {
            let result = try await trial.replay(source)
            #expect(result.status == .passed, "\(result)")
        }
        for type in ["integer", "string"] {
            let other = try await trial.replay(runbook("").replacing("\"secret\"", with: "\"\(type)\""))
            #expect(other.status == .failed && !"\(other)".contains("hunter2"), "\(other)")
            #expect(other.differences.contains { $0.found == "one of the type \(type)" }, "\(other)")
        }
    }

    @Test func aManifestThatIsNoneIsTold() async throws {
        let result = try await trial().replay(Self.runbook(params: "max = { typ = \"integer\" }"))
        #expect(result.status == .failed)
        #expect(result.differences.first?.found.contains("did you mean 'type'?") == true, "\(result)")
    }
}
