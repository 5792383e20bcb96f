import CommandSupport
import Glibc
import Operations
import RunbookHost
import Testing

@testable import runbook

@Suite("What a session saves")
struct ReplRecordSaveTests {
    private static func text(_ text: String) -> ShownValue { .string(text, bytes: text.utf8.count) }

    private static func object(_ entries: (String, ShownValue)...) -> ShownValue {
        .table(entries.map { ShownValue.Entry(key: text($0), value: $1) }, count: entries.count)
    }

    private static func list(_ elements: ShownValue...) -> ShownValue { .list(elements, count: elements.count) }

    private func saved(
        _ form: SavedValue.Form, _ value: ShownValue, isSecret: @escaping (String) -> Bool = { _ in false }
    )
        -> String
    {
        SavedValue(form, value: value, statements: [], isSecret: isSecret).text
    }

    @Test(arguments: [
        ("a.json", SavedValue.Form.json), ("a/b.CSV", .csv), ("x.tar.lua", .lua), ("users", .json), ("a.txt", .json),
        (".csv", .csv), ("csv", .json), ("a.csv/lua", .json),
    ])
    func theNameTellsTheForm(path: String, form: SavedValue.Form) { #expect(SavedValue.Form(path: path) == form) }

    // MARK: JSON

    @Test func jsonIsWholeAndReadable() throws {
        let value = Self.object(
            ("id", .integer(7)), ("login", Self.text("a\"b")), ("key", .secret), ("roles", Self.list()),
            ("rate", .float("1.5")), ("none", .null), ("more", .float("inf")))
        #expect(
            saved(.json, value) == """
                {
                  "id": 7,
                  "login": "a\\"b",
                  "key": "‹secret›",
                  "roles": [],
                  "rate": 1.5,
                  "none": null,
                  "more": "inf"
                }

                """)
        #expect(saved(.json, .nothing) == "null\n")
    }

    @Test(arguments: [SavedValue.Form.json, .csv])
    func aSecretIsNeverWritten(form: SavedValue.Form) {
        let value = Self.list(
            Self.object(("a", Self.text("hunter2")), ("hunter2", .integer(1)), ("n", Self.list(Self.text("hunter2")))),
            .bytes("hunter2\\xff", bytes: 8), .opaque("hunter2"), .integer(4_711_471))
        let text = saved(form, value) { $0.firstPlace(of: "hunter2") != nil || $0 == "4711471" }
        #expect(text.firstPlace(of: "hunter2") == nil)
        #expect(text.firstPlace(of: "4711471") == nil)
        #expect(text.split(separator: "‹secret›", omittingEmptySubsequences: false).count == 7)
    }

    // MARK: CSV

    @Test func objectsAreLinesAndTheirFieldsColumnsInTheirOrder() {
        let value = Self.list(
            Self.object(("login", Self.text("ada")), ("id", .integer(7)), ("enabled", .bool(true))),
            Self.object(("id", .integer(-8)), ("role", Self.object(("id", Self.text("user")))), ("email", .null)),
            Self.object(("login", Self.text("é,\"x\"\ny")), ("rate", .float("-1.5")), ("key", .secret)))
        #expect(
            saved(.csv, value)
                == "login,id,enabled,role,email,rate,key\r\n"
                + "ada,7,true,,,,\r\n"
                + ",-8,,\"{\"\"id\"\":\"\"user\"\"}\",,,\r\n"
                + "\"é,\"\"x\"\"\ny\",,,,,-1.5,‹secret›\r\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
    func aFormulaIsMadeAText(text: String) {
        let value = Self.list(Self.object((text, Self.text(text))))
        let cell = text.utf8.contains(0x0d) ? "\"'\(text)\"" : "'\(text)"
        #expect(saved(.csv, value) == "\(cell)\r\n\(cell)\r\n")
    }

    @Test func whatIsNoListOfObjectsIsATableToo() {
        #expect(saved(.csv, Self.list(.integer(1), Self.text("a b"))) == "value\r\n1\r\na b\r\n")
        #expect(saved(.csv, Self.object(("a", .integer(1)))) == "a\r\n1\r\n")
        #expect(saved(.csv, Self.text("x")) == "value\r\nx\r\n")
        #expect(saved(.csv, Self.list(.null, .float("-inf"))) == "value\r\n\"\"\r\n'-inf\r\n")
        #expect(saved(.csv, Self.list()) == "")
        #expect(saved(.csv, Self.list(Self.object())) == "")
        #expect(
            saved(.csv, .table([ShownValue.Entry(key: .integer(3), value: Self.list(.integer(1)))], count: 1))
                == "3\r\n[1]\r\n")
    }

    // MARK: Statements

    @Test func statementsAreSavedAsTheyWereTyped() {
        let statements = [
            SessionStatement("u = users.get(7)  ", isExpression: false),
            SessionStatement("u.role", isExpression: true),
            SessionStatement("users.unlock(\n  u)", isExpression: true, outcome: .failed),
            SessionStatement("x =", isExpression: false, outcome: .failed),
            SessionStatement("a()", isExpression: false, origin: .loaded(file: "lib/\na.lua", hasManifest: false)),
            SessionStatement("users.reset_password(7, 'abc')", isExpression: true),
            SessionStatement("-- hunter2\nx = 1", isExpression: false),
            SessionStatement("print('hunter2')", isExpression: true, outcome: .stopped),
        ]
        let saved = SavedValue(
            .lua, value: .nothing, statements: statements, isSecret: { $0.firstPlace(of: "hunter2") != nil })
        #expect(
            saved.text == """
                u = users.get(7)
                u.role
                -- users.unlock(
                --   u)
                -- x =
                -- .load lib/ a.lua
                users.reset_password(7, "‹secret›")
                -- ‹secret›
                -- print("‹secret›")

                """)
    }

    // MARK: Files

    @Test func aNewFileIsForTheUserAlone() async throws {
        try await withTemporaryDirectory { folder in
            try NewFile.write("first\n", to: folder + "/a.lua")
            #expect(try content(folder + "/a.lua") == "first\n")
            #expect(permissions(folder + "/a.lua") == 0o600)
            #expect(try LocalFiles.names(in: folder) == ["a.lua"])
        }
    }

    @Test func whatIsThereStaysUnlessItIsToBeReplaced() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/a.lua"
            try NewFile.write("first\n", to: path)
            #expect(
                message("second\n", to: path).hasSuffix(
                    "a.lua cannot be written: it is there already: give another name"))
            #expect(try content(path) == "first\n")
            #expect(try LocalFiles.names(in: folder) == ["a.lua"])
            try NewFile.write("third\n", to: path, replaces: true)
            #expect(try content(path) == "third\n")
            try NewFile.write("fourth\n", to: folder + "/b.lua", replaces: true)
            #expect(try LocalFiles.names(in: folder)?.sorted() == ["a.lua", "b.lua"])
        }
    }

    @Test func aLinkIsFollowedAndLeadsNowhereByItself() async throws {
        try await withTemporaryDirectory { folder in
            try NewFile.write("first\n", to: folder + "/a.lua")
            #expect(symlink("a.lua", folder + "/link") == 0)
            #expect(symlink("gone", folder + "/lost") == 0)
            try NewFile.write("second\n", to: folder + "/link", replaces: true)
            #expect(try content(folder + "/a.lua") == "second\n")
            #expect(message("x", to: folder + "/lost").hasSuffix("give another name"))
            #expect(LocalFiles().status(folder + "/gone") == nil)
        }
    }

    @Test func whatCannotBeWrittenSaysWhatToDo() async throws {
        try await withTemporaryDirectory { folder in
            try NewFile.write("first\n", to: folder + "/a")
            for replaces in [false, true] {
                func failure(_ path: String) -> String {
                    message("x", to: path, replaces: replaces)
                }
                #expect(
                    failure(folder + "/none/a.lua")
                        == "\(folder)/none/a.lua cannot be written: the folder \(folder)/none is not there: make it first, or "
                        + "give another name")
                #expect(failure(folder + "/a/b").hasSuffix("/a is no folder: give another name"))
                #expect(failure("").hasSuffix("it is no file's name: give one"))
                #expect(failure(folder + "/").hasSuffix("it is no file's name: give one"))
                #expect(failure("/proc/a").hasPrefix("/proc/a cannot be written: "))
                #expect(failure(folder + "/" + String(repeating: "x", count: 300)).hasSuffix("File name too long"))
            }
            #expect(
                message("x", to: "/dev/null", replaces: true)
                    == "/dev/null cannot be written: it is there, and no file that can be replaced: give another name")
            #expect(message("x", to: folder, replaces: true).hasSuffix("give another name"))
            #expect(try LocalFiles.names(in: folder) == ["a"])
        }
    }

    @Test func ofSeveralAtOnceOneIsWritten() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/a.lua"
            let winners = await withTaskGroup(of: String?.self) { group in
                for number in 0..<8 {
                    group.addTask { (try? NewFile.write("\(number)", to: path)).map { "\(number)" } }
                }
                return await group.reduce(into: [String]()) { winners, winner in
                    if let winner { winners.append(winner) }
                }
            }
            let written = try content(path)
            let names = try LocalFiles.names(in: folder)
            #expect(winners == [written])
            #expect(names == ["a.lua"])
        }
    }

    private func content(_ path: String) throws -> String {
        String(decoding: try #require(try LocalFiles().read(path, limit: 1 << 20)), as: UTF8.self)
    }

    /// Why a file was not written.
    private func message(_ text: String, to path: String, replaces: Bool = false) -> String {
        do throws(CommandError) { try NewFile.write(text, to: path, replaces: replaces) } catch { return error.message }
        return ""
    }
}
