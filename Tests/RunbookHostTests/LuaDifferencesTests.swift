import Foundation
import Logging
import Operations
import RunbookHost
import Testing

/// What the page on the differences from Lua 5.4 says of names that are not there, and of what only a host has. The rest of
/// it is asserted by the scripts of `Tests/Lua/differences`.
@Suite("The page on the differences from Lua 5.4")
struct LuaDifferencesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private static func page() throws -> String {
        let file = root.appending(path: "Sources/RunbookHost/RunbookHost.docc/LuaDifferences.md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// The advice for each name of the table of what is not there.
    private static func missing() throws -> [String: String] {
        let lines = try page().components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| Not there |") }) + 2
        var missing: [String: String] = [:]
        for row in lines[start...].prefix(while: { $0.hasPrefix("| ") }) {
            let cells = row.components(separatedBy: " | ")
            try #require(cells.count == 3 && row.hasSuffix(" |"), "\(row)")
            for name in cells[0].dropFirst(2).components(separatedBy: ", ") {
                let name = name.trimmingCharacters(in: ["`"])
                #expect(
                    missing.updateValue(String(cells[2].dropLast(2)), forKey: name) == nil, "\(name) stands there twice"
                )
            }
        }
        return missing
    }

    /// Every function and variable of the manual's index, less the methods of files, which can be had from `io` only.
    private static let manual = """
        _G _VERSION assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print rawequal
        rawget rawlen rawset require select setmetatable tonumber tostring type warn xpcall
        coroutine.close coroutine.create coroutine.isyieldable coroutine.resume coroutine.running coroutine.status
        coroutine.wrap coroutine.yield
        debug.debug debug.gethook debug.getinfo debug.getlocal debug.getmetatable debug.getregistry debug.getupvalue
        debug.getuservalue debug.setcstacklimit debug.sethook debug.setlocal debug.setmetatable debug.setupvalue
        debug.setuservalue debug.traceback debug.upvalueid debug.upvaluejoin
        io.close io.input io.lines io.open io.output io.popen io.read io.stderr io.stdin io.stdout io.tmpfile io.type io.write
        math.abs math.acos math.asin math.atan math.ceil math.cos math.deg math.exp math.floor math.fmod math.huge math.log
        math.max math.maxinteger math.min math.mininteger math.modf math.pi math.rad math.random math.randomseed math.sin
        math.sqrt math.tan math.tointeger math.type math.ult
        os.clock os.date os.difftime os.execute os.exit os.getenv os.remove os.rename os.setlocale os.time os.tmpname
        package.config package.cpath package.loaded package.loadlib package.path package.preload package.searchers
        package.searchpath
        string.byte string.char string.dump string.find string.format string.gmatch string.gsub string.len string.lower
        string.match string.pack string.packsize string.rep string.reverse string.sub string.unpack string.upper
        table.concat table.insert table.move table.pack table.remove table.sort table.unpack
        utf8.char utf8.charpattern utf8.codepoint utf8.codes utf8.len utf8.offset
        """.split { $0 == " " || $0 == "\n" }.map(String.init)

    private static func isKnown(_ name: String) -> Bool {
        let parts = name.split(separator: ".").map(String.init), known = KnownNames.standard
        return parts.count == 1 ? known.globals.contains(name) : known.members[parts[0]]?.contains(parts[1]) == true
    }

    @Test("Names all that the manual has and a runbook has not, and nothing else")
    func isComplete() throws {
        let missing = try Self.missing()
        for name in Self.manual {
            #expect(Self.isKnown(name) != (missing[name] != nil), "\(name) is there and on the page, or neither")
        }
        #expect(Set(missing.keys).subtracting(Self.manual) == [])
        for (name, advice) in missing {
            let table = String(name.prefix { $0 != "." }), known = KnownNames.standard.advice
            #expect(known[name] ?? known[table] == advice, "a check of a runbook says something else of \(name)")
        }
    }

    @Test("What it says of a missing name is what the script is told", arguments: MachineKind.allCases)
    func isTold(kind: MachineKind) async throws {
        let missing = try Self.missing().sorted { $0.key < $1.key }
        let lines = missing.map { "problems[#problems + 1] = select(2, pcall(function() return (\($0.key)()) end))" }
        let outcome = try await HostHarness(kind).run(
            "runbook {} local problems = {}\n\(lines.joined(separator: "\n"))\nreturn problems")
        let expected = missing.enumerated().map { index, entry in
            JSONValue.string("test.lua:\(index + 2): \(entry.key) is not available in a runbook: \(entry.value)")
        }
        #expect(outcome.result == .array(expected), "\(String(describing: outcome.error))")
    }

    @Test("What is not on it is there", arguments: MachineKind.allCases)
    func isThere(kind: MachineKind) async throws {
        let missing = try Self.missing()
        let names = Self.manual.filter { missing[$0] == nil }
        let source = names.map { "if \($0) == nil then absent[#absent + 1] = '\($0)' end" }.joined(separator: "\n")
        let outcome = try await HostHarness(kind).run(
            "runbook {} local absent = {}\n\(source)\nreturn json.array(absent)")
        #expect(outcome.result == [], "\(String(describing: outcome.error))")
    }

    @Test("Names the script that holds each of its parts")
    func namesItsScripts() throws {
        let folder = Self.root.appending(path: "Tests/Lua/differences")
        let scripts = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".lua") }
        let named = try Self.page().components(separatedBy: "\n").filter { $0.hasPrefix("### ") }
            .compactMap { $0.split(separator: "`").last.map(String.init) }
        #expect(named.count >= 9)
        #expect(Set(named) == Set(scripts))
    }

    @Test("Metatables of the host are hidden", arguments: MachineKind.allCases)
    func metatablesAreHidden(kind: MachineKind) async throws {
        let harness = HostHarness(kind) { call throws(APIError) in
            guard call.operation.name == "users.sites" else {
                throw APIError(
                    .notFound, status: 404, operation: call.operation.name, message: "no", delivery: .answered)
            }
            return ["resources": [1]]
        }
        let outcome = try await harness.run(
            """
            local early = getmetatable(params)
            runbook { needs = { "users:read" } }
            local hidden = { early }
            for _, value in ipairs { "", null, os, io, debug, package, string, users, log, json, secrets, secrets.generate(8),
                users.sites(1), json.array {}, select(2, pcall(users.get, 1)), select(2, pcall(users.get, {})) } do
              hidden[#hidden + 1] = getmetatable(value)
              assert(type(value) ~= "table" or not pcall(setmetatable, value, {}))
            end
            return hidden
            """)
        #expect(
            outcome.result == [
                "params", "string", "null", "os", "io", "debug", "package", "string", "users", "log", "json", "secrets",
                "secret",
                "array", "array", "error", "error",
            ], "\(String(describing: outcome.error))")
    }

    @Test("null and secrets have their places in the order of keys", arguments: MachineKind.allCases)
    func hostValuesHaveTheirOrder(kind: MachineKind) async throws {
        let outcome = try await HostHarness(kind).run(
            """
            runbook {}
            local one, two, object = secrets.generate(8), secrets.generate(8), {}
            local t, order = { [object] = "table", [two] = "second", [one] = "first", [users.get] = "operation", [null] = "null",
              [true] = "true", x = "text", [log.info] = "prelude" }, {}
            for _, value in pairs(t) do order[#order + 1] = value end
            return order
            """)
        #expect(
            outcome.result == ["text", "true", "null", "first", "second", "operation", "prelude", "table"],
            "\(String(describing: outcome.error))")
    }

    @Test("print writes to the log")
    func printLogs() async throws {
        let harness = HostHarness()
        let outcome = try await harness.run("runbook {} print('one', 2, nil, { 1 } and true) print() print(nil, nil)")
        #expect(outcome.status == .succeeded)
        #expect(harness.logs.lines.filter { $0.level == .info }.map(\.message).contains("one\t2\tnil\ttrue"))
        #expect(harness.logs.lines.map(\.message).contains("nil\tnil"))
    }
}
