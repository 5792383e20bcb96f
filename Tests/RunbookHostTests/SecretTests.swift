import Logging
import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite struct SecretTests {
    @Test(arguments: MachineKind.allCases)
    func aSecretIsOpaqueToTheScriptAndReachesTheServerInClear(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            call.operation.name == "twofa.regenerate" ? ["key": "CANARYSEED"] : ["links": []]
        }
        var options = RunOptions(parameters: ["password": .value("CANARYPASSWORD")])
        options.limits.changes = 10
        let outcome = try await harness.run(
            """
            runbook { needs = { "twofa:write", "users:password" }, params = { password = { type = "secret" } } }
            local seed = twofa.regenerate(1)
            log.info("seed " .. tostring(seed), { seed = seed, password = params.password })
            twofa.set(2, seed)
            users.reset_password(3, params.password)
            local made = secrets.generate(20)
            twofa.set(4, made)
            local ok, e = pcall(json.encode, seed)
            local denied, why = pcall(secrets.reveal, seed)
            return { seed = seed, text = tostring(made), ok = ok, why = why.kind, field = pcall(function() return seed.number end) }
            """, options)
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(outcome.result["seed"] == .secret(SecretValue("CANARYSEED")))
        #expect(outcome.result["text"] == "‹secret›")
        #expect(outcome.result["ok"] == false)
        #expect(outcome.result["why"] == "denied")
        #expect(outcome.result["field"] == false)
        let sent = harness.transport.sent
        #expect(sent[1].arguments["token"] == .secret(SecretValue("CANARYSEED")))
        #expect(sent[2].arguments["password"] == .secret(SecretValue("CANARYPASSWORD")))
        guard case .secret(let made)? = sent[3].arguments["token"] else {
            throw APIError(.network, operation: "", message: "")
        }
        #expect(made.reveal().count == 20)
        for text in [outcome.json.text, harness.logs.text, "\(outcome.changes)"] {
            #expect(!text.contains("CANARY"), "\(text)")
        }
    }

    @Test func aSecretThatAnEmbeddingProgramAnswersStaysClosed() async throws {
        var host = try HostHarness().host()
        host.register(
            Operation(
                "vault.get", apiName: "get", endpoint: nil, result: .value, effect: .read, capability: "vault:read",
                summary: "Get a secret")
        ) { _ throws(APIError) in ["login": "ada", "password": .secret(SecretValue("CANARY"))] }
        let outcome = await host.start(
            Runbook(
                name: "t.lua",
                source:
                    "runbook { needs = { 'vault:read' } } local v = vault.get() return { v.login, tostring(v.password) }"
            )
        ).outcome
        #expect(outcome.result == ["ada", "‹secret›"], "\(String(describing: outcome.error))")
    }

    @Test func revealingNeedsItsCapability() async throws {
        let outcome = try await HostHarness().run(
            "runbook { needs = { 'secrets:reveal' } } return #secrets.reveal(secrets.generate(12))")
        #expect(outcome.result == 12)
    }

    @Test func aPlainStringIsSealedWithAWarning() async throws {
        let harness = HostHarness()
        let outcome = try await harness.run(
            "runbook { needs = { 'users:password' } } users.reset_password(1, 'CANARY')")
        #expect(outcome.status == .succeeded)
        #expect(harness.logs.lines.contains { $0.level == .warning && $0.message.contains("a plain string") })
        #expect(!harness.logs.text.contains("CANARY"))
    }

    @Test func aHandleCannotBeForged() async throws {
        let outcome = try await HostHarness().run(
            "runbook { needs = { 'users:password' } } secrets.generate(8) users.reset_password(1, { ['$secret'] = 1 })")
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "invalid_argument")
    }
}
