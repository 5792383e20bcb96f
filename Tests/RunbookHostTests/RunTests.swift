import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite struct RunTests {
    @Test(arguments: MachineKind.allCases)
    func aRunCallsItsOperationsAndReturnsItsResult(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            call.operation.name == "users.get" ? ["id": 7, "login": "ada", "links": [1]] : ["links": []]
        }
        let outcome = try await harness.run(
            """
            runbook { title = "t", needs = { "users:read", "users:unlock" } }
            local user = users.get(7)
            local nothing = users.unlock(user.id)
            return { user = user, nothing = nothing == nil }
            """)
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(outcome.result == ["user": ["id": 7, "login": "ada"], "nothing": true])
        #expect(outcome.calls == 2)
        #expect(outcome.changes.map(\.description) == ["users.unlock id=7"])
        #expect(outcome.changes.first?.outcome == .done)
        #expect(outcome.isConfined == (kind == .confined))
        #expect(harness.transport.names == ["users.get", "users.unlock"])
        #expect(outcome.json["status"] == "succeeded")
    }

    @Test(arguments: MachineKind.allCases)
    func aFailedCallCanBeCaughtAndOtherwiseEndsTheRun(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            throw APIError(
                .notFound, status: 404, operation: call.operation.name, message: "no user 9", delivery: .answered)
        }
        let caught = try await harness.run(
            """
            runbook { needs = { "users:read" } }
            local ok, e = pcall(users.get, 9)
            return { e.kind, e.status, e.operation, tostring(e) }
            """)
        #expect(caught.result == ["not_found", 404, "users.get", "users.get: not_found (404): no user 9"])
        let uncaught = try await harness.run("runbook { needs = { 'users:read' } }\nusers.get(9)")
        #expect(uncaught.status == .failed)
        #expect(uncaught.error?.kind == "not_found")
        #expect(uncaught.error?.location == "test.lua:2")
    }

    @Test func linksStayWhenAskedFor() async throws {
        let harness = HostHarness { _ throws(APIError) in ["resources": [["id": 1, "links": ["a"]]], "links": ["b"]] }
        let outcome = try await harness.run(
            "runbook { needs = { 'roles:read' } } return { roles.list(), roles.list({ links = true }) }")
        #expect(outcome.result == [[["id": 1]], [["id": 1, "links": ["a"]]]])
    }

    @Test func aWrongArgumentIsRefusedBeforeAnythingIsSent() async throws {
        let harness = HostHarness()
        for source in [
            "users.get('seven')", "users.get()", "users.get(1, 2)", "users.page { siz = 3 }",
            "users.set_sites(1, { 'x' })", "xpanse.set_role({ 'a@b.c' }, '')",
        ] {
            let outcome = try await harness.run(
                "runbook { needs = { 'users:read', 'users:access', 'xpanse:role' } }\n\(source)")
            #expect(outcome.status == .failed, "\(source)")
            #expect(outcome.error?.kind == "invalid_argument", "\(source)")
            #expect(outcome.error?.location == "test.lua:2", "\(source)")
        }
        #expect(harness.transport.sent.isEmpty)
    }

    @Test func anOutcomeThatIsNotKnownIsTold() async throws {
        let harness = HostHarness { call throws(APIError) in
            throw APIError(.network, operation: call.operation.name, message: "reset", delivery: .unknown)
        }
        let outcome = try await harness.run("runbook { needs = { 'users:unlock' } } users.unlock(1)")
        #expect(outcome.changes(.unknown).count == 1)
        #expect(outcome.json["changes_unknown"] == 1)
    }

    @Test(arguments: MachineKind.allCases)
    func cancellingStopsTheScriptAndWaitsForTheChangeInFlight(kind: MachineKind) async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let harness = HostHarness(kind) { _ throws(APIError) in
            beginning.yield()
            for await _ in released { break }
            return [:]
        }
        let run = try harness.host().start(
            Runbook(
                name: "test.lua", source: "runbook { needs = { 'users:unlock' } }\nusers.unlock(1)\nusers.unlock(2)"))
        for await _ in began { break }
        run.cancel()
        release.yield()
        let outcome = await run.outcome
        #expect(outcome.status == .cancelled)
        #expect(outcome.changes.map(\.outcome) == [.done])
    }

    @Test(arguments: MachineKind.allCases)
    func aBusyScriptDoesNotKeepOthersFromRunning(kind: MachineKind) async throws {
        let harness = HostHarness(kind)
        let host = try harness.host()
        let busy = (1...2).map { _ in host.start(Runbook(name: "busy.lua", source: "runbook {} while true do end")) }
        for _ in 1...5 {
            let outcome = try await harness.run(
                "runbook { needs = { 'users:read' } } for i = 1, 10 do users.get(i) end return 'done'")
            #expect(outcome.result == "done")
        }
        for run in busy { run.cancel() }
        for run in busy { #expect(await run.outcome.status == .cancelled) }
    }

    @Test func anErrorTableSaysWhatItHolds() async throws {
        let harness = HostHarness()
        #expect(try await harness.run("runbook {} error { message = 'm', x = 1 }").error?.message == "m")
        #expect(try await harness.run("runbook {} error { x = 1 }").error?.message == #"{"x":1}"#)
    }

    /// A runbook that has done a part of its work says which, to people by the message and to programs by the rest.
    @Test(arguments: MachineKind.allCases)
    func anErrorTableIsHandedOverWhole(kind: MachineKind) async throws {
        let raise = #"runbook {} error({ message = "one is not done", done = { 7 }, token = TOKEN }, 0)"#
        let outcome = try await HostHarness(kind).run(raise.replacing("TOKEN", with: "nil"))
        #expect(outcome.error?.message == "one is not done")
        #expect(outcome.json["error"]?["value"] == ["message": "one is not done", "done": [7]])
        #expect(try await HostHarness(kind).run("runbook {} error('a text')").json["error"]?["value"] == nil)
        // A secret in it stays one.
        let secret = try await HostHarness(kind).run(raise.replacing("TOKEN", with: "secrets.generate()"))
        #expect(secret.error?.message == "one is not done")
        #expect(secret.json["error"]?["value"]?["done"] == [7])
        #expect(secret.json["error"]?["value"]?["token"]?.stringValue == nil)
        #expect(secret.json.text.contains(#""token":"‹secret›""#))
        let nameless = try await HostHarness(kind).run("runbook {} error { token = secrets.generate() }")
        #expect(nameless.error?.message == #"{"token":"‹secret›"}"#)
    }

    @Test func anEmbeddingProgramsOperationPassesTheSameGate() async throws {
        var host = try HostHarness().host()
        host.register(
            Operation(
                "tickets.open", apiName: "open", endpoint: nil,
                parameters: [Parameter("title", .name, in: .body, documentation: "what it is about")],
                result: .value, effect: .unsafe, capability: "tickets:write", summary: "Open a ticket")
        ) { call throws(APIError) in
            ["number": 12, "title": call.arguments["title"] ?? .null]
        }
        let runbook = Runbook(
            name: "t.lua", source: "runbook { needs = { 'tickets:write' } } return tickets.open('hello')")
        let outcome = await host.start(runbook).outcome
        #expect(outcome.result == ["number": 12, "title": "hello"])
        #expect(outcome.changes.count == 1)
        let denied = await host.start(Runbook(name: "t.lua", source: "runbook {} tickets.open('x')")).outcome
        #expect(denied.status == .stopped)
        #expect(denied.error?.kind == "denied")
    }
}
