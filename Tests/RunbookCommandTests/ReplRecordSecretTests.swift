import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("Secrets of a session that is recorded")
struct ReplRecordSecretTests {
    typealias Statement = SessionStatement

    private static let secret = "hunter2-canary"

    /// Knows one secret, wherever it stands in a text.
    private func script(_ statements: [Statement], secretNames: [String] = []) -> SessionScript {
        SessionScript(
            statements, .sample(secretNames: secretNames, isSecret: { $0.firstPlace(of: Self.secret) != nil }))
    }

    private func statement(_ source: String, isExpression: Bool = true) -> Statement {
        Statement(source, isExpression: isExpression, changes: 1, answer: .nothing)
    }

    @Test(arguments: [
        ("users.reset_password(7, \"hunter2-canary\")", "users.reset_password(7, params.password)", "password"),
        (
            "twofa.set(users.find({ login = 'a' }).id, [[hunter2-canary]])",
            "twofa.set(users.find({ login = 'a' }).id, params.token)", "token"
        ),
        (
            "users.patch(7, { password = 'hunter2-canary', enabled = true })",
            "users.patch(7, { password = params.password, enabled = true })", "password"
        ),
        (
            "users.patch(7, { [\"password\"] = \"hunter2-canary\" })",
            "users.patch(7, { [\"password\"] = params.password })", "password"
        ),
        ("print(\"hunter2-canary\")", "print(params.secret)", "secret"),
        (
            "users.patch(7, { name = \"x\", 1, \"\\104unter2-canary\"; })",
            "users.patch(7, { name = \"x\", 1, params.secret; })", "secret"
        ),
    ])
    func aTextIsReplacedByAParameter(source: String, expected: String, name: String) async throws {
        let script = script([statement(source)])
        #expect(script.text.hasSuffix("\n\n\(expected)\n"))
        #expect(script.text.firstPlace(of: Self.secret) == nil)
        #expect(script.warnings == [])
        let manifest = try await RunbookHost.withoutTarget.manifest(of: Runbook(name: "r.lua", source: script.text))
        #expect(manifest.parameters.map(\.name) == [name])
        #expect(manifest.parameters.map(\.type) == [.secret])
        #expect(manifest.parameters.map(\.isRequired) == [true])
    }

    @Test func whatStandsWhereASecretIsDueIsOneThoughNobodyKnowsIt() {
        let script = SessionScript(
            [
                statement("newPassword = \"abc\"", isExpression: false),
                statement("users.create { login = \"ada\", password = \"\" }"),
                statement("users.reset_password(\"7\", \"abc\")"),
                statement("users.reset_password(7, \"other\")"),
                statement("u.password, u.login = \"third\", \"ada\"", isExpression: false),
                statement("u.password = \"third\"", isExpression: false),
            ], .sample())
        #expect(
            script.text.hasSuffix(
                """
                newPassword = params.newPassword
                users.create { login = "ada", password = "" }
                users.reset_password("7", params.newPassword)
                users.reset_password(7, params.password)
                u.password, u.login = "third", "ada"
                u.password = params.password_2

                """))
    }

    @Test(arguments: [
        "users.reset_password(7, \"hunter2-canary\" .. 1)", "print(\"hunter2-canary\" == password)",
        "print((\"hunter2-canary\"):upper())", "print \"hunter2-canary\"", "print(1) -- hunter2-canary",
        "print(\"the password is hunter2-canary\" or 1)", "users.patch(7, { password = \"a\" .. \"b\" })",
    ])
    func aStatementIsLeftOutIfNoParameterWillDo(source: String) async {
        let script = script([statement(source), statement("x = 1", isExpression: false)])
        #expect(script.text.firstPlace(of: Self.secret) == nil)
        #expect(script.text.firstPlace(of: "-- left out: ") != nil)
        #expect(script.warnings.count == 1)
        #expect(script.warnings.allSatisfy { $0.firstPlace(of: Self.secret) == nil })
        #expect(script.count == 1)
        let found = await RunbookHost.withoutTarget.check(Runbook(name: "r.lua", source: script.text))
        #expect(found.map(\.description) == [])
    }

    @Test func whatUsedTheValueOfAStatementThatIsLeftOutIsNotGivenAnother() {
        let script = script([
            Statement("users.find { login = \"ada\" }", isExpression: true),
            Statement("users.find { login = \"hunter2-canary\" .. \"\" }", isExpression: true),
            statement("users.unlock(_.id)"),
        ])
        #expect(script.text.firstPlace(of: "_ = ") == nil)
        #expect(script.text.hasSuffix("\nusers.unlock(_.id)\n"))
    }

    @Test func whatWasSetByItsNameIsAParameter() async throws {
        let use = statement("users.patch(7, { password = token })")
        let script = script([use, statement("users.unlock(7)")], secretNames: ["token", "unused"])
        #expect(
            script.text == """
                runbook {
                  title  = "Unlock tier 1",
                  doc    = "Recorded on 2026-03-27 at 12:00:00 UTC from a session with the target lab.",
                  params = {
                    token = { type = "secret", required = true, doc = "was given in the session" },
                  },
                  needs  = { "users:access", "users:read", "users:unlock", "users:update" },
                  limits = { changes = 2 },
                }

                local token = params.token

                users.patch(7, { password = token })
                users.unlock(7)

                """)
        let found = await RunbookHost.withoutTarget.check(Runbook(name: "r.lua", source: script.text))
        #expect(found.map(\.description) == [])
    }

    @Test func aParameterThatIsNotUsedInTheEndIsNotDeclared() {
        let script = SessionScript(
            [
                Statement("twofa.key(7) == { password = \"abc\" }", isExpression: true),
                Statement("x = 1", isExpression: false),
            ], .sample())
        #expect(script.text.firstPlace(of: "params") == nil)
    }

    @Test func aSecretInAFailedStatementIsNotShown() {
        let script = script([
            Statement(
                "users.patch(7, { password = \"hunter2-canary\" })", isExpression: true, outcome: .failed, changes: 1)
        ])
        #expect(
            script.warnings == [
                "'users.patch(7, { password = ‹secret› })' did not succeed and is left out: what it changed before its end is "
                    + "not in the runbook"
            ])
    }
}
