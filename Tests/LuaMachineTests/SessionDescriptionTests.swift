import LuaMachine
import Operations
import Testing

/// Values as they are described for display.
@Suite(.timeLimit(.minutes(2))) struct SessionDescriptionTests {
    static func described(_ session: SessionHarness, _ source: String, _ kind: MachineStatement.Kind = .statement)
        async throws -> String
    {
        let outcome = try await session.run(source, kind) { _ in .raw(#"{"$secret":5}"#, .secrets) }
        #expect(outcome.end == .finished, "\(source): \(outcome.value)")
        return String(decoding: outcome.value.bytes(), as: UTF8.self)
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            ("", "[]"),
            ("return", "[]"),
            ("return nil", "[null]"),
            ("return null", #"[["null"]]"#),
            ("return true, false", "[true,false]"),
            ("return 7, -7, math.maxinteger, math.mininteger", "[7,-7,9223372036854775807,-9223372036854775808]"),
            ("return 1.5, 1e300, 3.0", #"[["float","1.5"],["float","1e+300"],["float","3.0"]]"#),
            ("return 1/0, -1/0, 0/0", #"[["float","inf"],["float","-inf"],["float","nan"]]"#),
            ("return 'a', '', 'é\u{1F600}\\n'", "[\"a\",\"\",\"é\u{1F600}\\n\"]"),
            (#"return '\xff\\a\0\x7f'"#, #"[["bytes","\\xff\\\\a\\x00\\x7f",5]]"#),
            (
                #"return '\xed\xa0\x80', '\xf4\x90\x80\x80'"#,
                #"[["bytes","\\xed\\xa0\\x80",3],["bytes","\\xf4\\x90\\x80\\x80",4]]"#
            ),
            (
                "return {}, json.array {}, json.decode('[]'), json.decode('{}')",
                #"[["table",[],0],["list",[],0],["list",[],0],["table",[],0]]"#
            ),
            ("return { 1, 'x', { 2 } }", #"[["list",[1,"x",["list",[2],1]],3]]"#),
            ("return { b = 1, a = { c = null } }", #"[["table",["a",["table",["c",["null"]],1],"b",1],2]]"#),
            ("return { 1, 2, x = 3 }", #"[["table",[1,1,2,2,"x",3],3]]"#),
            (
                "return { [2] = 1 }, { [0] = 1, 2 }, { [1.5] = 1 }",
                #"[["table",[2,1],1],["table",[1,2,0,1],2],["table",[["float","1.5"],1],1]]"#
            ),
            ("return { [true] = false, [false] = true }", #"[["table",[false,true,true,false],2]]"#),
            (
                "return { [{}] = {}, [print] = print, [null] = 1 }",
                #"[["table",[["null"],1,["opaque","function print"],["opaque","function print"],["table",[],0],["table",[],0]],3]]"#
            ),
            ("local t = {} t.t = { t } return t", #"[["table",["t",["list",[["cycle"]],1]],1]]"#),
            ("local t = {} t[t] = t return t", #"[["table",[["cycle"],["cycle"]],1]]"#),
            ("local t = { 1 } return { t, t }", #"[["list",[["list",[1],1],["list",[1],1]],2]]"#),
            (
                "return users.get, users.each, string.find, print, json.encode, pairs",
                #"[["opaque","function users.get"],["opaque","function users.each"],["opaque","function string.find"],["opaque","function print"],["opaque","function json.encode"],["opaque","function pairs"]]"#
            ),
            ("return function() end, users.each()", #"[["opaque","function repl:1"],["opaque","function"]]"#),
            ("\n\nlocal function f()\n\nend return f", #"[["opaque","function repl:3"]]"#),
            ("return load('return 1', '=typed')", #"[["opaque","function typed:0"]]"#),
            (
                "return coroutine.create(print), coroutine.running()",
                #"[["opaque","coroutine"],["opaque","coroutine"],true]"#
            ),
            ("return users.get(1), { users.get(2) }", #"[{"$secret":5},["list",[{"$secret":5}],1]]"#),
            (
                "return select(2, pcall(json.decode, '{'))",
                #"[["table",["kind","invalid_argument","message","the text ends in the midst of a value","operation","json.decode","where","repl:1"],4]]"#
            ),
        ])
    func `every kind of value is described`(_ kind: MachineKind, _ case: (String, String)) async throws {
        let session = try await SessionPreludeTests.session(kind)
        let told = try await Self.described(session, `case`.0)
        if `case`.0.contains("pcall") {
            // The words of an error are the codec's.
            #expect(told.hasPrefix(#"[["table",["kind","invalid_argument","message","#))
            #expect(told.hasSuffix(#","operation","json.decode","where","repl:1"],4]]"#))
        } else {
            #expect(told == `case`.1)
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `no metamethod is called`(_ kind: MachineKind) async throws {
        let session = try await SessionPreludeTests.session(kind)
        let source = """
            local function fail() error("called") end
            local mt = { __index = fail, __newindex = fail, __pairs = fail, __len = fail, __tostring = fail, __name = "x", __eq = fail,
              __metatable = fail, __call = fail, __concat = fail, __lt = fail, __close = nil }
            local list = setmetatable({ 1, 2 }, mt)
            string.format, string.gsub, table.concat, tostring, type, pairs, rawget, utf8.len, math.type = nil
            return list, setmetatable({ a = list, [list] = 1 }, mt)
            """
        #expect(
            try await Self.described(session, source)
                == #"[["list",[1,2],2],["table",["a",["list",[1,2],2],["list",[1,2],2],1],2]]"#)
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `what is too large is cut and counted`(_ kind: MachineKind) async throws {
        let session = try await SessionPreludeTests.session(kind)
        func result(_ source: String) async throws -> JSONValue {
            try await session.run(source).value.arrayValue?.first ?? .null
        }
        var shown = try await result("return ('x'):rep(65536)")
        #expect(shown.stringValue?.utf8.count == 65_536)
        shown = try await result("return ('x'):rep(65537)")
        #expect(shown.arrayValue?[0] == "string" && shown.arrayValue?[2] == 65_537)
        #expect(shown.arrayValue?[1].stringValue?.utf8.count == 65_536)
        // A letter is not cut in two.
        shown = try await result("return 'x' .. ('é'):rep(40000)")
        #expect(shown.arrayValue?[1].stringValue?.utf8.count == 65_535)
        shown = try await result("return { ('é'):rep(3000) }").arrayValue?[1].arrayValue?[0] ?? .null
        #expect(shown.arrayValue?[1].stringValue?.utf8.count == 4_096)
        #expect(shown.arrayValue?[2] == 6_000)
        shown = try await result("return ('\\xff'):rep(99999)")
        #expect(shown.arrayValue?[0] == "bytes" && shown.arrayValue?[2] == 99_999)
        #expect(shown.arrayValue?[1].stringValue?.utf8.count == 65_536)

        shown = try await result("local t = {} for i = 1, 1e6 do t[i] = i end return t")
        #expect(shown.arrayValue?[0] == "list" && shown.arrayValue?[2] == 1_000_000)
        #expect(shown.arrayValue?[1].arrayValue?.map(\.integerValue) == (1...1_000).map { $0 })
        shown = try await result("local t = {} for i = 1, 1e5 do t['k' .. 1e6 - i // 1] = i end return t")
        #expect(shown.arrayValue?[0] == "table" && shown.arrayValue?[2] == 100_000)
        #expect(shown.arrayValue?[1].arrayValue?.count == 2_000)
        #expect(shown.arrayValue?[1].arrayValue?[0] == "k900000.0")
        #expect(shown.arrayValue?[1].arrayValue?[1_998] == "k900999.0")

        shown = try await result("local t = { 'end' } for i = 1, 20 do t = { t } end return t")
        var depth = 0
        while let inner = shown.arrayValue?[1].arrayValue?.first {
            depth += 1
            shown = inner
        }
        #expect(depth == 8)
        #expect(shown == ["omitted", 1])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `there is an end to all parts together`(_ kind: MachineKind) async throws {
        let session = try await SessionPreludeTests.session(kind)
        for source in [
            // As many tables as there are leaves, of few that are shared; and one large one many times.
            "local t = { 1 } for i = 1, 7 do local n = {} for j = 1, 1000 do n[j] = t end t = n end return t",
            "local t = { x = 1 } for i = 1, 7 do local n = {} for j = 1, 1000 do n['k' .. j] = t end t = n end return t, t, t",
            "local big, t = {}, {} for i = 1, 2e5 do big['k' .. i] = i end for j = 1, 1000 do t[j] = big end return t",
            "local x, t = ('x'):rep(5000), {} for i = 1, 300 do t[i] = {} for j = 1, 1000 do t[i][j] = x end end return t",
        ] {
            let start = ContinuousClock.now
            let outcome = try await session.run(source, limits: MachineLimits(memory: 512 << 20))
            #expect(outcome.end == .finished)
            #expect(outcome.value.bytes().count < 8 << 20)
            #expect(ContinuousClock.now - start < .seconds(30))
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a value that is wanted whole is not cut`(_ kind: MachineKind) async throws {
        let session = try await SessionPreludeTests.session(kind)
        try await session.run(
            "list = {} for i = 1, 5000 do list[i] = ('x'):rep(100) end deep = 7 for i = 1, 30 do deep = { a = deep } end"
        )
        let whole = try await session.run("return list, ('y'):rep(100000), deep", .whole)
        let values = try #require(whole.value.arrayValue)
        #expect(values[0].arrayValue?[1].arrayValue?.count == 5_000)
        #expect(values[1].stringValue?.utf8.count == 100_000)
        #expect(!String(decoding: values[2].bytes(), as: UTF8.self).contains("omitted"))
        // Rather nothing than a part of it.
        for (source, reason) in [
            ("return { deep }", "nested more than 30 levels deep"),
            ("local t = {} for i = 1, 200001 do t[i] = i end return t", "more than 200000 parts"),
            ("local t, n = {}, { 1, 2, 3, 4 } for i = 1, 60000 do t[i] = n end return t", "more than 200000 parts"),
        ] {
            let failed = try await session.run(source, .whole)
            #expect(failed.end == .failed)
            #expect(failed.message.contains(reason))
        }
        #expect(
            try await session.run("local t = {} t.t = t return t", .whole).value == [["table", ["t", ["cycle"]], 1]])
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `a description is stopped like anything else`(_ kind: MachineKind) async throws {
        let session = try await SessionPreludeTests.session(kind)
        try await session.run(
            "big = {} for i = 1, 3e5 do big['k' .. i] = i end wide = {} for i = 1, 1000 do wide[i] = { big } end")
        session.begin("return wide")
        session.machine.interrupt(.cancel)
        #expect(try await session.end().end == .stopped)
        try await session.ready()
        #expect(try await session.value("#wide") == 1_000)
        await session.close()
    }
}
