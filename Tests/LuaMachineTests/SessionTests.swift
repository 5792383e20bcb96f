import LuaMachine
import Operations
import Testing

/// One machine runs statement after statement.
@Suite(.timeLimit(.minutes(2))) struct SessionTests {
    @Test(arguments: MachineKind.allCases)
    func `globals stay from statement to statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        #expect(try await session.run("x = { 1 } function double(n) return 2 * n end").end == .finished)
        #expect(try await session.value("double(#x + 20)") == 42)
        #expect(try await session.value("_ + 1") == 43)
        #expect(try await session.run("local y = 5").end == .finished)
        #expect(try await session.run("return y, 7, nil").value == [.null, 7, .null])
        #expect(try await session.run("").value == [])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `the numbers of calls go on rising from statement to statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        for number in 1...3 {
            let outcome = try await session.run("return users.get(\(number))") { call in
                .value(["call": .integer(Int64(call.id))])
            }
            #expect(outcome.calls.map(\.id) == [UInt32(number)])
            #expect(outcome.calls.map(\.task) == [1])
            #expect(outcome.value == [["call": .integer(Int64(number))]])
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an error tells the statement and the line`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        try await session.run("function fail()\n  error('no')\nend", name: "repl[1]")
        let failed = try await session.run("local x = 1\nreturn fail()", name: "repl[2]")
        #expect(failed.message == "repl[1]:2: no")
        #expect(failed.location == "repl[1]:2")
        #expect(
            failed.traceback == [
                "[built in]: in function 'error'", "repl[1]:2: in function 'fail'", "repl[2]:2: in main chunk",
            ])
        // Nothing stands above a statement that could be blamed.
        #expect(try await session.run("error('no', 2)").message == "no")
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an expression's own call has a line`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        let failed = try await session.run("return users.get(1)") { _ in
            .error(["kind": "not_found", "operation": "users.get", "message": "no such user"])
        }
        #expect(failed.calls.map(\.line) == [1])
        #expect(failed.location == "repl:1")
        #expect(failed.value["value"]?["where"] == "repl:1")
        #expect(failed.traceback == ["[built in]: in function 'get'", "repl:1: in main chunk"])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `what is no Lua fails and the session goes on`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        for (source, message) in [
            ("return (", "repl:1: unexpected symbol near <eof>"),
            ("x =\n= 1", "repl:2: unexpected symbol near '='"),
            ("\u{1b}Lua", "this is precompiled Lua; only source text is run"),
        ] {
            let failed = try await session.run(source)
            #expect(failed.end == .failed)
            #expect(failed.value["kind"] == "syntax")
            #expect(failed.message == message)
            #expect(try await session.value("1 + 1") == 2)
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a prelude that fails is told as the last event`(_ kind: MachineKind) async throws {
        let program = MachineProgram(
            bindings: [], prelude: Array("error('no prelude')".utf8), name: "", source: [], isSession: true)
        let machine: any LuaMachine =
            kind == .inProcess
            ? try InProcessMachine(program) : try await MachineHarness.supervisor.get().start(program)
        for _ in 1...2 {
            guard case .failed(let report, _) = try await machine.nextEvent() else {
                Issue.record("it has not failed")
                break
            }
            #expect(try JSONValue(parsing: report)["message"]?.stringValue?.hasSuffix("no prelude") == true)
        }
        machine.interrupt(.cancel)
        machine.evaluate(MachineStatement(name: "repl", source: []))
        await machine.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a prelude that runs no statements is refused`(_ kind: MachineKind) async throws {
        await #expect(throws: MachineError.self) { _ = try await SessionHarness(kind, prelude: "x = 1") }
    }

    // MARK: Limits

    @Test(arguments: MachineKind.allCases)
    func `log and result count anew for each statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind, limits: MachineLimits(log: 1_000, result: 1_000))
        for _ in 1...5 {
            let outcome = try await session.run("rb.note('log', ('x'):rep(900)) return ('y'):rep(900)")
            #expect(outcome.end == .finished)
            #expect(outcome.names == ["log"])
        }
        await session.close()
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            ("for i = 1, 99 do rb.note('log', ('x'):rep(99)) end", "log"),
            ("return ('x'):rep(2000)", "result"),
            ("return pcall(load, ('x'):rep(99000))", "source"),
            ("x = 1 --" + String(repeating: "x", count: 99_000), "source"),
            ("for i = 1, 99 do rb.spawn(users.get, i) end users.get()", "tasks"),
        ])
    func `a limit stops the statement alone`(_ kind: MachineKind, _ case: (String, String)) async throws {
        let limits = MachineLimits(source: 90_000, log: 1_000, result: 1_000, tasks: 10)
        let session = try await SessionHarness(kind, limits: limits)
        try await session.run("x = 7")
        for _ in 1...2 {
            let stopped = try await session.run(`case`.0) { _ in .never }
            #expect(stopped.end == .stopped)
            #expect(stopped.limit == `case`.1)
            #expect(try await session.value("x") == 7)
        }
        // The limits are the statement's own.
        #expect(try await session.run("return ('x'):rep(2000)", limits: MachineLimits()).end == .finished)
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `without memory the machine is lost`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind, limits: MachineLimits(memory: 8 << 20))
        session.begin("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end")
        let stopped = try await session.end()
        #expect(stopped.end == .stopped)
        #expect(stopped.limit == "memory")
        #expect(await session.loss() == .sessionLost)
        // It stays lost, whatever is asked of it.
        session.machine.interrupt(.cancel)
        session.begin("return 1")
        #expect(await session.loss() == .sessionLost)
        await session.close()
        #expect(await session.loss() == .closed)
    }

    @Test(arguments: MachineKind.allCases)
    func `what a statement used is free for the next one`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind, limits: MachineLimits(memory: 24 << 20))
        for _ in 1...10 {
            let outcome = try await session.run(
                "local t = {} for i = 1, 10000 do t[i] = ('x'):rep(900) .. i end return #t")
            #expect(outcome.value == [10_000])
            #expect(outcome.peakMemory > 9_000_000)
            #expect(try await session.run("return ('z'):rep(2000000)").end == .finished)
        }
        // What is used is told of each statement by itself.
        #expect(try await session.run("collectgarbage()").peakMemory < 24 << 20)
        await session.close()
    }

    // MARK: What is left of a statement

    @Test(arguments: MachineKind.allCases)
    func `an answer that comes after its statement is dropped`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        let machine = session.machine
        // A task of the statement still waits when it ends.
        session.begin("rb.spawn(function() got = users.get(1) end) users.get(2) return 'over'")
        let calls = try await session.calls()
        let first = try #require(calls.first { $0.arguments == Array("[1]".utf8) })
        let second = try #require(
            try await calls.count == 2 ? calls.last : session.calls().first { $0.id != first.id })
        let mine = second.id == first.id ? calls[0] : second
        machine.reply(MachineReply(id: mine.id, json: Array("2".utf8)))
        #expect(try await session.end().value == ["over"])
        machine.reply(MachineReply(id: first.id, json: Array("1".utf8)))
        try await session.ready()
        machine.reply(MachineReply(id: first.id, json: Array("1".utf8)))
        machine.replay([MachineReply(id: first.id, json: Array("1".utf8))])
        machine.synchronize()
        machine.narrow(to: MachineLimits(result: 1))
        session.begin("return got, users.get(3)")
        machine.reply(MachineReply(id: first.id, json: Array("1".utf8)))
        let third = try await session.calls()
        #expect(third.map(\.id) == [3])
        machine.reply(MachineReply(id: first.id, json: Array("1".utf8)))
        machine.reply(MachineReply(id: 3, json: Array("3".utf8)))
        #expect(try await session.end().value == [.null, 3])
        try await session.ready()
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `answers may be given ahead within a statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        session.begin("return users.get(1) + users.get(2)")
        session.machine.replay([
            MachineReply(id: 1, json: Array("20".utf8)), MachineReply(id: 2, json: Array("22".utf8)),
            MachineReply(id: 3, json: Array("1".utf8)),
        ])
        #expect(try await session.end().value == [42])
        try await session.ready()
        session.begin("return users.get(3)")
        session.machine.replay([MachineReply(id: 3, json: Array("7".utf8))])
        session.machine.synchronize()
        #expect(try await session.end().value == [7])
        try await session.ready()
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a coroutine that waits for a call ends with its statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        try await session.run(
            """
            c = coroutine.create(function()
              local x <close> = setmetatable({}, { __close = function() closed = 1 end })
              users.get(1)
            end)
            """)
        session.begin("coroutine.resume(c)")
        #expect(try await session.calls().count == 1)
        session.machine.interrupt(.cancel)
        #expect(try await session.end().end == .stopped)
        try await session.ready()
        let after = try await session.run("return coroutine.status(c), coroutine.resume(c)")
        #expect(after.value == ["dead", false, "cannot resume dead coroutine"])
        #expect(
            try await session.run("return coroutine.close(c), coroutine.status(c), closed").value == [
                true, "dead", .null,
            ])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a coroutine that has yielded goes on in the next statement`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        try await session.run("c = coroutine.wrap(function() for i = 1, 9 do coroutine.yield(i, users.get(i)) end end)")
        for number in 1...3 {
            let outcome = try await session.run("return c()") { call in .value(.integer(Int64(call.id) * 10)) }
            #expect(outcome.value == [.integer(Int64(number)), .integer(Int64(number) * 10)])
            // One that was stopped beside it changes nothing.
            session.begin("while true do end")
            session.machine.interrupt(.cancel)
            #expect(try await session.end().end == .stopped)
            try await session.ready()
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `threads of earlier statements can be neither resumed nor closed`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        try await session.run("main = coroutine.running() rb.spawn(function() other = coroutine.running() end)")
        try await session.run(
            "error(setmetatable({}, { __tostring = function() bottom = coroutine.running() return 'x' end }))")
        try await session.run("rb.spawn(function() other = coroutine.running() users.get(1) end) users.get(2)")
        let outcome = try await session.run(
            """
            local told = {}
            for index, thread in ipairs { main, other, bottom or main } do
              told[index] = coroutine.status(thread) .. tostring(coroutine.resume(thread)) .. tostring(pcall(coroutine.close, thread))
            end
            return table.concat(told, ' '), coroutine.status(coroutine.running())
            """)
        #expect(outcome.end == .finished)
        #expect(outcome.value.arrayValue?.last == "running")
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a session is closed at any time`(_ kind: MachineKind) async throws {
        for source in ["", "return 1", "users.get(1)", "while true do end"] {
            let session = try await SessionHarness(kind)
            session.begin(source)
            await session.close()
            #expect(await session.loss() == .closed)
        }
    }

    // MARK: Determinism

    @Test func `the same statements with the same answers do the same on both machines`() async throws {
        var told: [[String]] = []
        for kind in MachineKind.allCases {
            for _ in 1...2 {
                let session = try await SessionHarness(kind)
                var lines: [String] = []
                for source in [
                    "t = {} for i = 1, 99 do t['k' .. math.random(1 << 40)] = i end",
                    "local s = '' for k, v in pairs(t) do s = s .. k .. v end return s",
                    "rb.spawn(users.get, 7) for i = 1, 5 do rb.spawn(users.get, i) end return users.get(6)",
                    "users.get(1) error(t)", "return tostring(t), tostring({}), math.random(1 << 50)",
                    "for k in pairs(_G) do rb.note('name', k) end",
                ] {
                    let outcome = try await session.run(source) { .value(.integer(Int64($0.id))) }
                    lines += outcome.calls.map {
                        "\($0.id) \($0.task) \($0.name) \(String(decoding: $0.arguments, as: UTF8.self))"
                    }
                    lines.append("\(outcome.end) \(outcome.value)")
                    // A statement that is stopped where it waits.
                    session.begin("users.get(0)")
                    _ = try await session.calls()
                    session.machine.interrupt(.cancel)
                    lines.append("\(try await session.end().value)")
                    try await session.ready()
                }
                await session.close()
                told.append(lines)
            }
        }
        #expect(told.allSatisfy { $0 == told[0] })
    }
}
