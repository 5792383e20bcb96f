import LuaMachine
import Operations
import RunbookHost
import Testing

@Suite struct PolicyTests {
    @Test(arguments: MachineKind.allCases)
    func aCallOutsideNeedsIsDeniedAndNotSent(kind: MachineKind) async throws {
        let harness = HostHarness(kind)
        let outcome = try await harness.run("runbook { needs = { 'users:read' } }\nusers.get(1)\nusers.unlock(1)")
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.kind == "denied")
        #expect(outcome.error?.location == "test.lua:3")
        #expect(outcome.error?.message.contains("add \"users:unlock\" to needs") == true)
        #expect(harness.transport.names == ["users.get"])
        #expect(outcome.changes.isEmpty)
    }

    @Test func theOperatorsPolicyNarrowsTheManifest() async throws {
        var harness = HostHarness()
        harness.policy.capabilities = ["users:read"]
        let outcome = try await harness.run("runbook { needs = { 'users:read', 'users:unlock' } } users.unlock(1)")
        #expect(outcome.error?.message.contains("the operator's policy does not allow users:unlock") == true)
        #expect(harness.transport.sent.isEmpty)
    }

    @Test(arguments: MachineKind.allCases)
    func budgetsEndTheRunAndNoHandlerCatchesIt(kind: MachineKind) async throws {
        let harness = HostHarness(kind)
        var options = RunOptions()
        options.limits.changes = 3
        let changes = try await harness.run(
            "runbook { needs = { 'users:unlock' } }\nfor i = 1, 100 do\n  pcall(users.unlock, i)\nend", options)
        #expect(changes.status == .stopped)
        #expect(changes.error?.kind == "limit")
        #expect(changes.error?.message.contains("the limit of 3 changes was reached at users.unlock") == true)
        #expect(changes.error?.location == "test.lua:3")
        #expect(harness.transport.sent.count == 3)
        let calls = try await harness.run(
            "runbook { needs = { 'users:read' }, limits = { calls = 2 } } while true do pcall(users.get, 1) end",
            options)
        #expect(calls.error?.message.contains("2 calls") == true)
        let log = try await harness.run(
            "runbook { limits = { log = '1KB' } } while true do pcall(print, ('x'):rep(100)) end")
        #expect(log.status == .stopped)
        #expect(log.error?.message.contains("1 KB of log lines") == true)
    }

    @Test(arguments: MachineKind.allCases)
    func aManifestNarrowsLimitsAndNeverWidensThem(kind: MachineKind) async throws {
        let harness = HostHarness(kind)
        var options = RunOptions()
        options.limits.changes = 1
        let outcome = try await harness.run(
            "runbook { needs = { 'users:unlock' }, limits = { changes = 50 } } users.unlock(1) users.unlock(2)", options
        )
        #expect(outcome.status == .stopped)
        let memory = try await harness.run("runbook { limits = { memory = '4MB' } } return #('x'):rep(8e6)")
        #expect(memory.status == .stopped)
        #expect(memory.error?.message.contains("the memory limit of 4 MB") == true)
    }

    /// Each limit of a manifest says which it was, how much it allowed, and where the script stood.
    @Test(
        arguments: MachineKind.allCases,
        [
            ("memory = '2MB'", "return #('x'):rep(8e6)", "memory", 2 << 20, "the memory limit of 2 MB was reached"),
            ("calls = 1", "users.get(1) users.get(2)", "calls", 1, "the limit of 1 call was reached at users.get"),
            ("changes = 0", "users.unlock(1)", "changes", 0, "the limit of 0 changes was reached at users.unlock"),
            ("log = '1KB'", "log.info(('x'):rep(2000))", "log", 1_024, "the limit of 1 KB of log lines was reached"),
            ("result = '1KB'", "return ('x'):rep(2000)", "result", 1_024, "the limit of 1 KB of result was reached"),
            (
                "source = '1KB'", "load(('x'):rep(2000))", "source", 1_024,
                "the limit of 1 KB of source text was reached"
            ),
            (
                "tasks = 3", "parallel({ 1, 2, 3 }, 3, users.get)", "tasks", 3,
                "the limit of 3 tasks alive at once was reached"
            ),
        ])
    func everyLimitIsReported(
        kind: MachineKind, limit: (declared: String, source: String, name: String, allowed: Int64, message: String)
    ) async throws {
        let harness = HostHarness(kind) { _ in ["id": 1] }
        let outcome = try await harness.run(
            "runbook { needs = { 'users:read', 'users:unlock' }, limits = { \(limit.declared) } }\n"
                + "pcall(function() log.debug('begun') end)\nlocal ok, e = pcall(function() \(limit.source) end)\nreturn e"
        )
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.kind == "limit")
        #expect(outcome.error?.message.contains(limit.message) == true, "\(outcome.json)")
        #expect(outcome.error?.value == ["limit": .string(limit.name), "allowed": .integer(limit.allowed)])
        guard limit.name != "result" else { return }  // the script is at its end
        #expect(outcome.error?.location == "test.lua:3")
        #expect(outcome.error?.traceback.isEmpty == false)
    }

    static let patching: PretendedTransport.Answer = { call throws(APIError) in
        switch call.operation.name {
        case "users.get": ["id": 5, "login": "ada", "name": "Ada", "enabled": true, "role": ["id": "user"]]
        case "users.sites", "users.asset_groups": ["resources": [2, 3]]
        default: ["links": []]
        }
    }

    @Test(arguments: MachineKind.allCases)
    func changesThatBelongTogetherBeginOnlyIfAllFit(kind: MachineKind) async throws {
        let harness = HostHarness(kind, Self.patching)
        let needs = "runbook { needs = { 'users:read', 'users:update', 'users:access', 'users:unlock' } }"
        var options = RunOptions()
        options.limits.changes = 2
        let refused = try await harness.run("\(needs) users.disable(5)", options)
        #expect(refused.status == .stopped)
        #expect(refused.error?.message.contains("the limit of 2 changes was reached at users.patch") == true)
        #expect(!harness.transport.names.contains("users.update"))
        options.limits.changes = 3
        let done = try await harness.run("\(needs) return users.disable(5)", options)
        #expect(done.result == true, "\(String(describing: done.error))")
        #expect(done.changes.count == 3)
    }

    @Test(arguments: MachineKind.allCases)
    func cancellingDoesNotCutThroughChangesThatBelongTogether(kind: MachineKind) async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let harness = HostHarness(kind) { call throws(APIError) in
            if call.operation.name == "users.update" {
                beginning.yield()
                for await _ in released { break }
            }
            return try await Self.patching(call)
        }
        let run = try harness.host().start(
            Runbook(
                name: "test.lua",
                source:
                    "runbook { needs = { 'users:read', 'users:update', 'users:access' } } users.disable(5) users.get(6)"
            ))
        for await _ in began { break }
        run.cancel()
        release.yield()
        let outcome = await run.outcome
        #expect(outcome.status == .cancelled)
        #expect(outcome.changes.map(\.operation) == ["users.update", "users.set_sites", "users.set_asset_groups"])
        #expect(outcome.changes.allSatisfy { $0.outcome == .done })
        #expect(harness.transport.names.last == "users.set_asset_groups")
    }

    @Test(arguments: MachineKind.allCases)
    func aDeadlineAfterACancelDoesNotCutThroughThemEither(kind: MachineKind) async throws {
        let clock = VirtualClock()
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        var harness = HostHarness(kind) { call throws(APIError) in
            if call.operation.name == "users.update" {
                beginning.yield()
                for await _ in released { break }
            }
            return try await Self.patching(call)
        }
        harness.clock = clock
        var options = RunOptions()
        options.limits.time = .seconds(5)
        let run = try harness.host().start(
            Runbook(
                name: "test.lua",
                source: "runbook { needs = { 'users:read', 'users:update', 'users:access' } } users.disable(5)"),
            options: options)
        for await _ in began { break }
        run.cancel()
        await clock.sleepers(2)  // the deadline, and the grace
        clock.advance(by: .seconds(5))
        for _ in 1...100 { await Task.yield() }
        release.yield()
        let outcome = await run.outcome
        #expect(outcome.status == .cancelled)
        #expect(outcome.changes.map(\.operation) == ["users.update", "users.set_sites", "users.set_asset_groups"])
    }

    @Test(arguments: MachineKind.allCases)
    func whileTheyAreFinishedNoOtherTaskSendsAnything(kind: MachineKind) async throws {
        let clock = VirtualClock()
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let (readReleased, releaseRead) = AsyncStream.makeStream(of: Void.self)
        var harness = HostHarness(kind) { call throws(APIError) in
            if call.operation.name == "users.update" {
                beginning.yield()
                for await _ in released { break }
            }
            if call.operation.name == "users.get", call.arguments["id"] == 6 {
                for await _ in readReleased { break }
            }
            return try await Self.patching(call)
        }
        harness.clock = clock
        var options = RunOptions()
        options.limits.time = .seconds(5)
        let run = try harness.host().start(
            Runbook(
                name: "test.lua",
                source: """
                    runbook { needs = { "users:read", "users:update", "users:access", "users:unlock" } }
                    parallel({ 5, 6 }, 2, function(id)
                      if id == 5 then users.disable(5) else users.get(6) users.unlock(6) end
                    end)
                    """), options: options)
        for await _ in began { break }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        await clock.sleepers(1)  // the grace: the interruption is held
        releaseRead.yield()
        for _ in 1...100 { await Task.yield() }
        release.yield()
        let outcome = await run.outcome
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.message.contains("the time limit of 5 s") == true)
        #expect(outcome.changes.map(\.operation) == ["users.update", "users.set_sites", "users.set_asset_groups"])
    }

    /// Whatever ends the script between an update and what gives the access back, the host does the rest.
    @Test(
        arguments: MachineKind.allCases,
        [
            ("log.info(('x'):rep(2000))", "log"),
            ("while true do memory[#memory + 1] = ('x'):rep(999) .. #memory end", "memory"),
            ("parallel({ 1, 2, 3, 4 }, 4, users.get)", "tasks"), ("users.unlock(9) users.unlock(9)", "changes"),
            ("error('boom')", nil), ("return", nil),
        ])
    func accessIsGivenBackHoweverTheRunEnds(kind: MachineKind, end: (source: String, limit: String?)) async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let harness = HostHarness(kind) { call throws(APIError) in
            if call.operation.name == "users.update" { beginning.yield() }
            if call.arguments["id"] == 8 { for await _ in began { break } }
            return try await Self.patching(call)
        }
        // The second task ends the run as soon as the update of the first one has begun.
        let outcome = try await harness.run(
            """
            runbook {
              needs = { "users:read", "users:update", "users:access", "users:unlock" },
              limits = { log = "1KB", memory = "3MB", tasks = 4, changes = 4 },
            }
            local memory = {}
            parallel({ 5, 8 }, 2, function(id)
              if id == 5 then users.disable(5) else
                users.get(8)
                \(end.source)
              end
            end)
            """)
        if let limit = end.limit {
            #expect(outcome.status == .stopped)
            #expect(outcome.error?.value["limit"] == .string(limit), "\(outcome.json)")
        }
        let names = outcome.changes.filter { $0.operation != "users.unlock" }.map(\.operation)
        #expect(names == ["users.update", "users.set_sites", "users.set_asset_groups"])
        #expect(outcome.changes.allSatisfy { $0.outcome == .done })
    }

    @Test func accessThatCannotBeGivenBackIsTold() async throws {
        let harness = HostHarness(.confined) { call throws(APIError) in
            if call.operation.name == "users.set_sites" {
                throw APIError(
                    .unavailable, status: 503, operation: "users.set_sites", message: "no", delivery: .answered)
            }
            if call.operation.name == "users.update" { try? await Task.sleep(for: .milliseconds(20)) }
            return try await Self.patching(call)
        }
        let outcome = try await harness.run(
            """
            runbook { needs = { "users:read", "users:update", "users:access" }, limits = { log = "1KB" } }
            parallel({ 5, 8 }, 2, function(id)
              if id == 5 then users.disable(5) else
                for _ = 1, 5 do users.get(8) end
                log.info(('x'):rep(2000))
              end
            end)
            """)
        #expect(outcome.error?.value["limit"] == "log")
        #expect(outcome.error?.message.contains("do so with users.set_sites(5, { 2, 3 })") == true, "\(outcome.json)")
    }

    @Test(arguments: MachineKind.allCases)
    func aScriptThatComputesInBetweenGainsNoTime(kind: MachineKind) async throws {
        let clock = VirtualClock()
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let (computes, computing) = AsyncStream.makeStream(of: Void.self)
        var harness = HostHarness(kind) { call throws(APIError) in
            if call.operation.name == "users.update" {
                beginning.yield()
                for await _ in released { break }
            }
            if call.arguments["id"] == 6 { computing.yield() }
            return try await Self.patching(call)
        }
        harness.clock = clock
        var options = RunOptions()
        options.limits.time = .seconds(5)
        let run = try harness.host().start(
            Runbook(
                name: "test.lua",
                source: """
                    runbook { needs = { "users:read", "users:update", "users:access" } }
                    parallel({ 5, 6 }, 2, function(id)
                      if id == 5 then users.disable(5) end
                      for _ = 1, 9 do users.get(7) end
                      users.get(6)
                      while true do end
                    end)
                    """), options: options)
        for await _ in began { break }
        for await _ in computes { break }
        clock.advance(by: .seconds(5))
        await clock.sleepers(1)  // the grace of the update
        release.yield()
        let outcome = await run.outcome
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.value["limit"] == "time")
        #expect(outcome.changes.map(\.operation) == ["users.update", "users.set_sites", "users.set_asset_groups"])
        #expect(outcome.changes.allSatisfy { $0.outcome == .done })
    }

    @Test(arguments: MachineKind.allCases)
    func theTimeLimitEndsABusyScript(kind: MachineKind) async throws {
        let clock = VirtualClock()
        var harness = HostHarness(kind)
        harness.clock = clock
        // The call tells that the manifest's limit is the one that counts now.
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        harness.transport = PretendedTransport { _ throws(APIError) in
            beginning.yield()
            return [:]
        }
        let run = try harness.host().start(
            Runbook(
                name: "test.lua",
                source:
                    "runbook { needs = { 'users:read' }, limits = { time = '5s' } }\nusers.get(1)\nwhile true do end"))
        for await _ in began { break }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        let outcome = await run.outcome
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.message.contains("the time limit of") == true)
    }
}
