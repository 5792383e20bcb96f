import LuaMachine
import Operations
import Testing

/// What the host's own prelude does with a session's statements.
@Suite(.timeLimit(.minutes(2))) struct SessionPreludeTests {
    static func session(_ kind: MachineKind, limits: MachineLimits = MachineLimits()) async throws -> SessionHarness {
        try await SessionHarness(kind, prelude: HostPrelude.source(), limits: limits)
    }

    // MARK: Globals

    @Test(arguments: MachineKind.allCases)
    func `a failed statement leaves the globals as they were`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("a, b = 1, { 2 }")
        let failed = try await session.run(
            "a, users, print, new = nil, nil, 'x', 5 setmetatable(_G, {}) b[1] = 3 _G = nil _ = 9 error('no')")
        #expect(failed.end == .failed)
        #expect(failed.message == "repl:1: no")
        #expect(failed.traceback == ["[built in]: in function 'error'", "repl:1: in main chunk"])
        // What is looked at beside it finds them so too.
        #expect(try await Self.names(session, []).contains { $0.0 == "users" && $0.1 == "table" })
        let after = try await session.run(
            "return a, b[1], type(users.get), type(print), new, getmetatable(_G), _G ~= nil, _")
        #expect(after.value == [1, 3, "function", "function", .null, .null, true, .null])
        // What ended well stays, whatever fails after it.
        try await session.run("a = 2")
        for bad in ["a = 3 error()", "a = ", "a = 4 error()"] { try await session.run(bad) }
        #expect(try await session.value("a") == 2)
        await session.close()
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            "users.get(1)", "while true do end", "for i = 1, 1e9 do print(('x'):rep(9999)) end",
            "return setmetatable({}, {}), ('x'):rep(20 << 20)",
        ])
    func `a stopped statement leaves the globals as they were`(_ kind: MachineKind, _ source: String) async throws {
        let session = try await Self.session(kind, limits: MachineLimits(log: 1 << 20, result: 1 << 10))
        try await session.run("a = 1")
        session.begin(
            "a, users.get, new = 2, users.get, 5 local get = users.get users = nil; (function() local users = { get = get } \(source) end)() return ('x'):rep(60000)"
        )
        session.machine.interrupt(.cancel)
        #expect(try await session.end().end == .stopped)
        try await session.ready()
        #expect(try await session.run("return a, type(users), new").value == [1, "table", .null])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a result that is too large puts the globals back too`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind, limits: MachineLimits(result: 1_000))
        try await session.run("a = 1")
        #expect(try await session.run("a = 2 return ('x'):rep(2000)").limit == "result")
        #expect(try await session.run("return a, _").value == [1, .null])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `the underscore is the first value of the last statement that had one`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        for (source, value) in [
            ("return 5, 6", JSONValue.integer(5)), ("x = 1", 5), ("return nil", 5), ("return false", false),
            ("error('no')", false), ("return 7", 7), ("while true do", 7),
        ] {
            try await session.run(source)
            #expect(try await session.run("return _", .whole).value == [value])
        }
        // Whoever looks at a value as a whole leaves it alone.
        try await session.run("return 9", .whole)
        #expect(try await session.value("_") == 7)
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a value that is looked at whole puts nothing back`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("a = 1")
        #expect(try await session.run("a = 2 error('no')", .whole).end == .failed)
        #expect(try await session.value("a") == 2)
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `what is printed is told as it is`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        let outcome = try await session.run("print('a', 1, nil, {}) log.info('b', { c = 1 })")
        #expect(outcome.names == ["log", "log"])
        #expect(
            outcome.calls.map { String(decoding: $0.arguments, as: UTF8.self) }
                == [#"["print","a\t1\tnil\ttable: 1"]"#, #"["info","b",{"c":1}]"#])
        await session.close()
    }

    // MARK: Iterators

    /// Answers `users.page` out of a list of so many users, 500 a page.
    static func page(_ call: MachineCall, of count: Int) -> Answer {
        let index = (try? JSONValue(parsing: call.arguments))?.arrayValue?.first?["page"]?.integerValue ?? 0
        let ids = (Int(index) * 500)..<min(count, Int(index) * 500 + 500)
        return .value([
            "resources": .array(ids.map { ["id": .integer(Int64($0))] }),
            "page": ["totalPages": .integer(Int64((count + 499) / 500)), "totalResources": .integer(Int64(count))],
        ])
    }

    static func answered(_ call: MachineCall, of count: Int) -> Answer {
        guard case .value(let value) = page(call, of: count) else { return .nothing }
        return .raw(String(decoding: value.bytes(), as: UTF8.self), [.resources, .page])
    }

    @Test(arguments: MachineKind.allCases)
    func `an iterator goes on from statement to statement`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("next_user = users.each() ids = {}")
        var pages = 0
        for _ in 1...30 {
            let outcome = try await session.run(
                "for i = 1, 50 do local user = next_user() ids[#ids + 1] = user and user.id end"
            ) { Self.answered($0, of: 1_234) }
            #expect(outcome.end == .finished)
            pages += outcome.calls.count
        }
        #expect(pages == 3)
        #expect(try await session.run("return #ids, ids[1], ids[1234]").value == [1_234, 0, 1_233])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an iterator whose page was lost with its statement asks for it again`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("next_user = users.each() ids = {}")
        for _ in 1...2 {
            session.begin("next_user()")
            #expect(try await session.calls().map(\.name) == ["users.page"])
            session.machine.interrupt(.cancel)
            #expect(try await session.end().end == .stopped)
            try await session.ready()
        }
        // A failure while the next page is on its way.
        let first = try await session.run("ids[1] = next_user().id users.unlock(1) error('no')") { call in
            switch call.id {
            case 3: Self.answered(call, of: 1_234)
            case 4: .nothing
            default: .never
            }
        }
        #expect(first.end == .failed)
        #expect(first.names == ["users.page", "users.unlock", "users.page"])
        let rest = try await session.run("for user in next_user do ids[#ids + 1] = user.id end return #ids") {
            Self.answered($0, of: 1_234)
        }
        #expect(rest.value == [1_234])
        #expect(rest.calls.map(\.id) == [6, 7])
        #expect(try await session.run("return ids[1], ids[500], ids[501], ids[1234]").value == [0, 499, 500, 1_233])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an iterator in the tasks of parallel survives a statement that is stopped`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("next_user = users.each() seen = {}")
        session.begin("parallel(next_user, 3, function(user) seen[#seen + 1] = user.id users.unlock(user.id) end)")
        var unlocks = 0
        while unlocks < 3 {
            for call in try await session.calls() {
                if call.name == "users.page" {
                    MachineHarness.reply(session.machine, call.id, Self.answered(call, of: 700))
                }
                unlocks += call.name == "users.unlock" ? 1 : 0
            }
        }
        session.machine.interrupt(.cancel)
        #expect(try await session.end().end == .stopped)
        try await session.ready()
        let rest = try await session.run(
            "parallel(next_user, 3, function(user) seen[#seen + 1] = user.id users.unlock(user.id) end) return #seen"
        ) { $0.name == "users.page" ? Self.answered($0, of: 700) : .nothing }
        #expect(rest.value == [700])
        await session.close()
    }

    // MARK: Names

    /// The names that are told, with the kinds of their values.
    static func names(_ session: SessionHarness, _ path: [String]) async throws -> [(String, String)] {
        let keys = path.map { "\"\($0)\"" }.joined(separator: ", ")
        let table = try await session.run("return { \(keys) }", .names).value.arrayValue?.first
        let entries = table?.arrayValue?[1].arrayValue ?? []
        return stride(from: 0, to: entries.count, by: 2).map {
            (entries[$0].stringValue ?? "", entries[$0 + 1].stringValue ?? "")
        }
    }

    @Test(arguments: MachineKind.allCases)
    func `names are told with their kinds`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run(
            """
            u = { id = 7, name = "ada", ok = true, role = { id = "x" }, none = null, f = print, t = coroutine.create(print), [1] = 1,
              ["\\xff"] = 1, [{}] = 1 }
            """)
        let names = try await Self.names(session, ["u"])
        #expect(names.map(\.0) == ["f", "id", "name", "none", "ok", "role", "t"])
        #expect(names.map(\.1) == ["function", "number", "string", "null", "boolean", "table", "thread"])
        #expect(try await Self.names(session, ["u", "role"]).map(\.0) == ["id"])
        #expect(try await Self.names(session, ["users"]).contains { $0 == ("get", "function") })
        for path in [["u", "id"], ["nothing"], ["nothing", "x"], ["u", "f", "x"]] {
            let quoted = path.map { "\"\($0)\"" }.joined(separator: ",")
            #expect(try await session.run("return { \(quoted) }", .names).value == [.null])
        }
        #expect(try await session.value("_") == .null)
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `names call nothing of the script's`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run(
            """
            local function fail() error("called") end
            trap = setmetatable({ inner = setmetatable({ x = 1 }, { __index = fail, __pairs = fail, __len = fail }) },
              { __index = fail, __pairs = fail, __len = fail })
            setmetatable(_G, { __index = fail, __pairs = fail })
            rawget, pairs, next, type = nil
            """)
        #expect(try await Self.names(session, ["trap"]).map(\.0) == ["inner"])
        #expect(try await Self.names(session, ["trap", "inner"]).map(\.0) == ["x"])
        #expect(try await session.run("return { 'trap', 'other' }", .names).value == [.null])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `the first thousand of many names are told`(_ kind: MachineKind) async throws {
        let session = try await Self.session(kind)
        try await session.run("many = {} for i = 1, 20000 do many[i], many[('n%05d'):format(20001 - i)] = i, i end")
        let names = try await Self.names(session, ["many"]).map(\.0)
        #expect(names.count == 1_000)
        #expect(names == (1...1_000).map { number in "n" + String(100_000 + number).dropFirst() })
        await session.close()
    }
}
