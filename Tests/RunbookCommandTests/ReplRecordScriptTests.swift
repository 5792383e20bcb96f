import LuaMachine
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("A session recorded as a runbook")
struct ReplRecordScriptTests {
    typealias Statement = SessionStatement

    /// Its lines behind the manifest.
    private func body(_ statements: [Statement], secretNames: [String] = []) throws -> String {
        let script = SessionScript(statements, .sample(secretNames: secretNames))
        let place = try #require(script.text.firstPlace(of: "\n}\n"))
        return String(script.text[place.upperBound...].drop { $0 == "\n" })
    }

    @Test func aWholeSessionReadsLikeARunbook() async throws {
        let statements = [
            Statement("#users.find { locked = true }", isExpression: true, operations: ["users.page"]),
            Statement("list = {}", isExpression: false),
            Statement(
                "for user in users.each { role = \"tier-1\", locked = true } do\n  list[#list + 1] = user\nend",
                isExpression: false, operations: ["users.page"]),
            Statement("#list", isExpression: true),
            Statement("list[1]", isExpression: true),
            Statement("users.unlock(list[1])", isExpression: true, outcome: .failed, operations: ["users.unlock"]),
            Statement(
                "users.unlock(list[1].id)", isExpression: true, operations: ["users.unlock"], changes: 1,
                answer: .nothing),
            Statement("list[1].login", isExpression: true),
        ]
        let script = SessionScript(statements, .sample())
        #expect(
            script.text == """
                runbook {
                  title  = "Unlock tier 1",
                  doc    = "Recorded on 2026-03-27 at 12:00:00 UTC from a session with the target lab.",
                  needs  = { "users:read", "users:unlock" },
                  limits = { changes = 1 },
                }

                local list

                list = {}

                for user in users.each { role = "tier-1", locked = true } do
                  list[#list + 1] = user
                end

                users.unlock(list[1].id)
                return list[1].login

                """)
        #expect(script.warnings == [])
        #expect(script.count == 4)
        #expect(try await findings(script) == [])
    }

    @Test func anEmptySessionIsARunbookThatDoesNothing() async throws {
        let script = SessionScript([Statement("  \n", isExpression: false)], .sample(target: nil))
        #expect(
            script.text == """
                runbook {
                  title = "Unlock tier 1",
                  doc   = "Recorded on 2026-03-27 at 12:00:00 UTC from a session with no target.",
                  needs = {},
                }

                """)
        #expect(script.count == 0)
        #expect(try await findings(script) == [])
    }

    // MARK: Values

    @Test func theLastValueIsKeptOnlyWhereItIsUsed() throws {
        #expect(
            try body([
                Statement("users.get(7)", isExpression: true),
                Statement("_.role", isExpression: true),
                Statement("#_", isExpression: true),
                Statement("users.get(8)", isExpression: true),
                Statement("name = _.login", isExpression: false),
                Statement("users.get(9)", isExpression: true),
                Statement("x = 1", isExpression: false),
            ]) == """
                local _, name, x

                users.get(7)
                _ = users.get(8)
                name = _.login
                users.get(9)
                x = 1

                """)
    }

    @Test func aLookAtTheLastValueIsKeptForWhoUsesIt() throws {
        #expect(
            try body([
                Statement("{ role = \"a\" }", isExpression: true),
                Statement("_.role", isExpression: true),
                Statement("print(_)", isExpression: true, answer: .nothing),
                Statement("role = _", isExpression: false),
            ]) == """
                local _, role

                _ = { role = "a" }
                _ = _.role
                print(_)
                role = _

                """)
    }

    @Test func anotherVariableOfThisNameIsNotTheLastValue() throws {
        #expect(
            try body([
                Statement("#list", isExpression: true),
                Statement("for _, user in ipairs({}) do print(user) end", isExpression: false),
            ]) == "for _, user in ipairs({}) do print(user) end\n")
    }

    @Test func aFunctionMayUseTheLastValueLater() throws {
        #expect(
            try body([
                Statement("function last() return _ end", isExpression: false),
                Statement("#list", isExpression: true),
                Statement("print(last())", isExpression: true, answer: .nothing),
            ]) == """
                local last, _

                function last() return _ end
                _ = #list
                print(last())

                """)
    }

    @Test func whatChangesSomethingIsKeptThoughItIsNoCall() throws {
        let statements = [
            Statement("1", isExpression: true),
            Statement("not users.enable(7)", isExpression: true, changes: 1, answer: .nothing),
            Statement("print(_)", isExpression: true, answer: .nothing),
        ]
        #expect(
            try body(statements) == """
                local _

                _ = 1

                do
                  local _ = not users.enable(7)
                end

                print(_)

                """)
        let last = Statement("x = 1", isExpression: false)
        #expect(try body([statements[1], last]) == "local _, x\n\n_ = not users.enable(7)\nx = 1\n")
    }

    @Test func aFunctionIsNotReturned() throws {
        #expect(try body([Statement("users.each", isExpression: true, answer: .unreturnable)]) == "")
        let call = Statement("users.each { locked = true }", isExpression: true, answer: .unreturnable)
        #expect(try body([call]) == "users.each { locked = true }\n")
        let statement = Statement("local f = print return f", isExpression: false, answer: .unreturnable)
        #expect(try body([statement]) == "local _\n\n_ = (function()\n  local f = print return f\nend)()\n")
    }

    @Test func ofSeveralValuesTheFirstIsTheLastValue() throws {
        let statements = [Statement("1, 2", isExpression: true), Statement("x = _", isExpression: false)]
        #expect(try body(statements) == "local _, x\n\n_ = 1, 2\nx = _\n")
    }

    // MARK: Among others

    @Test func localsStayWithTheirStatement() throws {
        #expect(
            try body([
                Statement("local a = 1\nb = a", isExpression: false),
                Statement("local function f() return a end c = f()", isExpression: false),
                Statement("if b then local a = 2 end", isExpression: false),
                Statement("goto done\n::done::", isExpression: false),
                Statement("local d = 1 return d", isExpression: false, answer: .value),
            ]) == """
                local b, c

                do
                  local a = 1
                  b = a
                end

                do
                  local function f() return a end c = f()
                end

                if b then local a = 2 end

                do
                  goto done
                  ::done::
                end

                local d = 1 return d

                """)
    }

    @Test func whatEndsItsStatementDoesNotEndTheRunbook() throws {
        #expect(
            try body([
                Statement("if not a then return end\nb = 1", isExpression: false),
                Statement("local f = function() return 1 end", isExpression: false),
                Statement("return ..., 2", isExpression: false, answer: .value),
                Statement("c = _", isExpression: false),
            ]) == """
                local b, _, c

                _ = (function()
                  if not a then return end
                  b = 1
                end)()

                do
                  local f = function() return 1 end
                end

                _ = (function(...)
                  return ..., 2
                end)(...)

                c = _

                """)
    }

    @Test func theLinesOfATextAreNotMoved() throws {
        let source = "local text = [[\nfirst\n\n  second]] --[[ a\nb ]]\nwrite = \"x\\\ny\""
        #expect(
            try body([Statement(source, isExpression: false), Statement("x = 1", isExpression: false)])
                == "local write, x\n\ndo\n  local text = [[\nfirst\n\n  second]] --[[ a\nb ]]\n  write = \"x\\\ny\"\nend\n\nx = 1\n"
        )
    }

    @Test func aParenthesisIsNotTakenForArguments() throws {
        #expect(
            try body([
                Statement("f = print", isExpression: false),
                Statement("(f or print)(1)", isExpression: true, answer: .nothing),
                Statement("-- say it again\n(f)(2)", isExpression: true, answer: .nothing),
            ]) == "local f\n\nf = print\n;(f or print)(1)\n\n;-- say it again\n(f)(2)\n")
    }

    @Test func aCommentAtTheEndHidesNothing() throws {
        #expect(
            try body([
                Statement("u -- who is it?", isExpression: true),
                Statement("x = _ -- he is", isExpression: false),
                Statement("local y = x -- locally", isExpression: false),
                Statement("-- only this", isExpression: false),
            ]) == """
                local _, x

                _ = u -- who is it?
                x = _ -- he is
                local y = x -- locally
                -- only this

                """)
    }

    @Test func whatIsReachedByOtherNamesStaysGlobal() throws {
        #expect(
            try body([
                Statement("x = 1", isExpression: false), Statement("print(_G.x)", isExpression: true, answer: .nothing),
            ]) == "x = 1\nprint(_G.x)\n")
        #expect(try body([Statement("print = log.info", isExpression: false)]) == "print = log.info\n")
    }

    @Test func veryManyNamesStayGlobal() async throws {
        let statements = (1...250).map { Statement("name\($0) = \($0)", isExpression: false) }
        let script = SessionScript(statements + [Statement("name250", isExpression: true)], .sample())
        #expect(script.text.firstPlace(of: "local") == nil)
        let outcome = await RunbookHost.withoutTarget.start(Runbook(name: "r.lua", source: script.text)).outcome
        #expect(outcome.result == 250)
    }

    // MARK: Files

    @Test func aLoadedFileIsPutIn() throws {
        let file = Statement(
            "local roles = roles.list()\nfunction helper(id) return roles[id] end", isExpression: false,
            operations: ["roles.list"], origin: .loaded(file: "lib/\u{1b}helper.lua", hasManifest: false))
        #expect(
            try body([file, Statement("helper(\"a\")", isExpression: true)]) == """
                local helper

                -- lib/ helper.lua
                do
                  local roles = roles.list()
                  function helper(id) return roles[id] end
                end

                return helper("a")

                """)
    }

    @Test func aLoadedRunbookIsNamedAndToldOf() async throws {
        let script = SessionScript(
            [
                Statement(
                    "runbook { title = \"x\" }\nusers.unlock(7)", isExpression: false, operations: ["users.unlock"],
                    changes: 1, origin: .loaded(file: "x.lua", hasManifest: true)),
                Statement("runbook { title = \"y\" }", isExpression: true),
            ], .sample())
        #expect(
            script.text.hasSuffix(
                """
                  needs = {},
                }

                -- left out: x.lua: it is a runbook of its own: run it before this one
                -- left out: 'runbook { title = "y" }': it declares a manifest of its own

                """))
        #expect(
            script.warnings == [
                "x.lua is left out: it is a runbook of its own: run it before this one; what it changed is not in the runbook",
                "'runbook { title = \"y\" }' is left out: it declares a manifest of its own",
            ])
        #expect(try await findings(script) == [])
    }

    // MARK: The manifest

    @Test func needsAreThoseOfWhatIsCalledAndNamed() async throws {
        func needs(_ statements: Statement...) -> [String] {
            SessionScript(statements, .sample()).needs.map(\.rawValue)
        }
        // What is called through a name that cannot be seen.
        #expect(
            needs(
                Statement(
                    "users[\"un\" .. \"lock\"](7)", isExpression: true, operations: ["users.unlock"], changes: 1,
                    answer: .nothing)) == ["users:unlock"])
        #expect(
            needs(
                Statement("users.patch(7, { name = \"x\" })", isExpression: true, operations: ["users.get"]),
                Statement("twofa.regenerate(7)", isExpression: true, outcome: .stopped),
                Statement(
                    "secrets.reveal(twofa.key(7))", isExpression: true, operations: ["twofa.key", "secrets.reveal"])
            ) == ["secrets:reveal", "twofa:read", "users:access", "users:read", "users:update"])
        // Names of its own mean something else.
        #expect(
            needs(
                Statement("roles = { delete = print }", isExpression: false),
                Statement("roles.delete(7)", isExpression: true, answer: .nothing)) == [])
    }

    @Test func aChangeOfWhatFailedIsToldOf() {
        let script = SessionScript(
            [
                Statement(
                    "for id = 1, 9 do\n  users.unlock(id)\nend", isExpression: false, outcome: .stopped,
                    operations: ["users.unlock"], changes: 3),
                Statement("x = ", isExpression: false, outcome: .failed),
            ], .sample())
        #expect(
            script.warnings == [
                "'for id = 1, 9 do' did not succeed and is left out: what it changed before its end is not in the runbook"
            ])
        #expect(script.text.hasSuffix("  needs = {},\n}\n"))
    }

    @Test func longListsAndOddTextsAreWrittenSoThatLuaReadsThem() async throws {
        var facts = SessionScript.Facts.sample(target: "lab\"\n\\\u{202e}")
        facts.title = "Say \"hello\"\n\tto all \u{7}"
        let operations = ["users.unlock", "users.delete", "users.create", "roles.delete", "roles.update", "twofa.set"]
        let statements = operations.map {
            Statement("\($0)(7, {})", isExpression: true, operations: [$0], changes: 1, answer: .nothing)
        }
        let script = SessionScript(statements, facts)
        let manifest = try await RunbookHost.withoutTarget.manifest(of: Runbook(name: "r.lua", source: script.text))
        #expect(manifest.title == facts.title)
        #expect(manifest.needs == script.needs)
        #expect(manifest.limits.changes == 6)
        #expect(!manifest.documentation.contains { $0.isNewline })
        #expect(script.text.split(separator: "\n").allSatisfy { $0.utf8.count <= 100 })
    }

    private func findings(_ script: SessionScript) async throws -> [String] {
        await RunbookHost.withoutTarget.check(Runbook(name: "recorded.lua", source: script.text)).map(\.description)
    }
}

extension SessionScript.Facts {
    /// 2026-03-27 12:00:00 UTC, against `lab`.
    static func sample(
        target: String? = "lab", secretNames: [String] = [], isSecret: @escaping (String) -> Bool = { _ in false }
    ) -> SessionScript.Facts {
        SessionScript.Facts(
            title: "Unlock tier 1", target: target, unixMilliseconds: 1_774_612_800_000, secretNames: secretNames,
            isSecret: isSecret)
    }
}

extension RunbookHost {
    /// A host that has nobody to talk to.
    static var withoutTarget: RunbookHost { RunbookHost(transport: NoTransport(), machines: .inProcess) }

    private struct NoTransport: Transport {
        func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
            throw APIError(.network, operation: call.operation.name, message: "there is no target")
        }
    }
}
