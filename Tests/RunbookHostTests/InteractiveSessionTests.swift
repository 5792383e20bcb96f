import Operations
import RunbookHost
import Testing

/// Statements one after the other on one machine.
@Suite(.timeLimit(.minutes(2))) struct InteractiveSessionTests {
    @Test(arguments: MachineKind.allCases) func whatOneStatementLeavesIsThereForTheNext(_ kind: MachineKind)
        async throws
    {
        try await SessionHarness.with(kind) { harness in
            await harness.must("x = 20; function double(n) return 2 * n end")
            let outcome = await harness.must("return double(x) + 2, 'two'")
            #expect(outcome.values == [.integer(42), .string("two", bytes: 3)])
            #expect(await harness.must("return _").values == [.integer(42)])
        }
    }

    @Test func aStatementThatFailsLeavesTheVariablesAsTheyWere() async throws {
        try await SessionHarness.with { harness in
            await harness.must("x = 1; list = { 1 }")
            let failed = await harness.type("x = 2; y = 3; users = nil; error('no')")
            #expect(failed.run.status == .failed)
            #expect(failed.run.error?.message.contains("no") == true)
            let after = await harness.must("return x, y, type(users), #list")
            #expect(after.values == [.integer(1), .nothing, .string("table", bytes: 5), .integer(1)])
        }
    }

    @Test func aStatementThatIsNoLuaSaysWhere() async throws {
        try await SessionHarness.with { harness in
            let outcome = await harness.type("x = = 1")
            #expect(outcome.run.status == .failed)
            #expect(outcome.run.error?.kind == "syntax")
            #expect(outcome.run.error?.message.contains("repl:1:") == true)
            await harness.must("x = 1")
        }
    }

    @Test func whatIsPrintedIsHandedOutAsPlainText() async throws {
        try await SessionHarness.with { harness in
            await harness.must("print('a', 1, nil) log.info('not this')")
            #expect(harness.printed.all == ["a\t1\tnil"])
        }
    }

    @Test func whatOnlyComputesLeavesNoRecord() async throws {
        try await SessionHarness.with { harness in
            await harness.must("return 1 + 1")
            await harness.must("print('x')")
            let runs = try await harness.world.memory.runs(RunFilter())
            #expect(runs.isEmpty)
        }
    }

    @Test func aStatementThatCallsIsARunOfItsOwnWhichCannotBeResumedAlone() async throws {
        try await SessionHarness.with { harness in
            let outcome = await harness.must("return users.get(3).login")
            #expect(outcome.values == [.string("user3", bytes: 5)])
            #expect(outcome.operations == ["users.get"])
            let record = try await harness.world.memory.run(outcome.run.id)
            #expect(record.origin == "repl")
            #expect(record.actor == "ada")
            #expect(record.isStatement)
            #expect(record.status == .succeeded)
            #expect(!record.canBeResumed)
            #expect(RunRecord(record.json) == record)
            let rows = try await harness.world.memory.journal(of: outcome.run.id, after: 0, limit: 100)
            #expect(rows.map(\.kind) == [.intent, .outcome])
        }
    }

    @Test func secretsStayInVariables() async throws {
        try await SessionHarness.with(mode: .run) { harness in
            let made = await harness.must("p = secrets.generate(12) return p")
            #expect(made.values == [.secret])
            let used = await harness.must("users.reset_password(2, p)")
            #expect(used.run.changes.map(\.outcome) == [.done])
            #expect(!"\(used.run.json)".contains("password\":\"") || "\(used.run.json)".contains(SecretValue.redacted))
        }
    }

    @Test func parametersComeToWhatDeclaresThem() async throws {
        try await SessionHarness.with { harness in
            let source = "runbook { params = { n = { type = 'integer', required = true } } } return params.n + 1"
            let outcome = await harness.session.evaluate(
                Runbook(name: "load.lua", source: source), parameters: ["n": .text("41")])
            #expect(outcome.values == [.integer(42)])
            let missing = await harness.session.evaluate(Runbook(name: "load.lua", source: source))
            #expect(missing.run.error?.kind == "parameters")
            await harness.must("return 1")
        }
    }

    @Test func namesAndVariablesAreFoundWithoutRunningAnything() async throws {
        try await SessionHarness.with { harness in
            #expect(await harness.session.names(at: []) == nil, "no machine yet, and none is started for it")
            await harness.must("u = { role = { id = 'x' }, login = 'ada' }; touched = false")
            await harness.must("setmetatable(u, { __index = function() touched = true end })")
            let fields = try #require(await harness.session.names(at: ["u"]))
            #expect(fields.map(\.name) == ["login", "role"])
            #expect(fields.map(\.kind) == ["string", "table"])
            #expect(await harness.session.names(at: ["u", "role"])?.map(\.name) == ["id"])
            #expect(await harness.session.names(at: ["u", "none"]) == nil)
            #expect(await harness.session.names(at: ["users"])?.contains { $0 == ("unlock", "function") } == true)
            #expect(await harness.session.variables.map(\.name) == ["touched", "u"])
            #expect(await harness.must("return touched").values == [.bool(false)])
        }
    }

    @Test func valuesOfEveryKindAreShown() async throws {
        try await SessionHarness.with { harness in
            let outcome = await harness.must(
                "local t = {} t.t = t return nil, null, 1.5, 0/0 ~= 0/0, {}, json.array {}, { 1, { a = 2 } }, t, users.get, '\\xff', 2^63"
            )
            #expect(
                outcome.values == [
                    .nothing, .null, .float("1.5"), .bool(true), .table([], count: 0), .list([], count: 0),
                    .list(
                        [
                            .integer(1),
                            .table([.init(key: .string("a", bytes: 1), value: .integer(2))], count: 1),
                        ], count: 2), .table([.init(key: .string("t", bytes: 1), value: .cycle)], count: 1),
                    .opaque("function users.get"), .bytes("\\xff", bytes: 1), .float("9.2233720368548e+18"),
                ])
        }
    }

    @Test func largeValuesAreCutAndCounted() async throws {
        try await SessionHarness.with { harness in
            let source = "local l = {} for i = 1, 100000 do l[i] = { id = i } end return l, ('x'):rep(10000000)"
            let outcome = await harness.must(source)
            guard case .list(let shown, 100_000) = outcome.values[0],
                case .string(let text, 10_000_000) = outcome.values[1]
            else {
                Issue.record("not a list and a text, with the lengths of the whole")
                return
            }
            #expect(shown.count == 1_000)
            #expect(text.utf8.count <= 65_536)
            let whole = await harness.session.evaluate(
                Runbook(name: "repl", source: "local l = {} for i = 1, 5000 do l[i] = i end return l"), purpose: .value)
            guard case .list(let all, 5_000)? = whole.values.first else {
                Issue.record("not a list")
                return
            }
            #expect(all.count == 5_000)
        }
    }

    // MARK: Ending statements

    @Test(
        arguments: MachineKind.allCases,
        [
            "while true do end", "while true do pcall(function() while true do end end) end",
            "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
            "sleep(1000)", "parallel({ 1, 2, 3 }, 3, function() sleep(1000) end)",
        ]
    ) func anInterruptedStatementLeavesTheSessionWhole(_ kind: MachineKind, _ source: String) async throws {
        try await SessionHarness.with(kind, mode: .run) { harness in
            await harness.must("x = 7")
            let statement = Task { await harness.type("x = 8; " + source) }
            while harness.session.statement == nil { await Task.yield() }
            harness.session.interrupt(isAgain: false)
            let outcome = await statement.value
            #expect(outcome.run.status == .cancelled, "\(String(describing: outcome.run.error))")
            #expect(!outcome.isMachineLost)
            #expect(await harness.must("return x").values == [.integer(7)])
        }
    }

    @Test func aStatementThatIsInterruptedTwiceTakesTheMachineWithIt() async throws {
        try await SessionHarness.with { harness in
            await harness.must("x = 7")
            let statement = Task { await harness.type("while true do end") }
            while harness.session.statement == nil { await Task.yield() }
            harness.session.interrupt(isAgain: true)
            let outcome = await statement.value
            #expect(outcome.run.status != .succeeded)
            #expect(outcome.isMachineLost)
            #expect(await harness.must("return x").values == [.nothing])
        }
    }

    @Test func outOfMemoryTakesTheMachineAndNotTheSession() async throws {
        var limits = RunLimits()
        limits.memory = 16 << 20
        try await SessionHarness.with(limits: limits) { harness in
            await harness.must("users.unlock(1) x = 7")
            let outcome = await harness.type("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end")
            #expect(outcome.run.status == .stopped)
            #expect(outcome.isMachineLost)
            #expect(await harness.must("return x").values == [.nothing])
            #expect(await harness.session.planned.count == 1, "what is planned is the host's")
            let both = await harness.must("users.unlock(2)")
            #expect(both.planned.count == 1)
            #expect(await harness.session.planned.map(\.number) == [1, 2])
        }
    }

    @Test func oneStatementAtATime() async throws {
        try await SessionHarness.with { harness in
            await harness.must("n = 0")
            await withTaskGroup { group in
                for _ in 0..<10 { group.addTask { await harness.must("n = n + 1") } }
            }
            #expect(await harness.must("return n").values == [.integer(10)])
        }
    }
}
