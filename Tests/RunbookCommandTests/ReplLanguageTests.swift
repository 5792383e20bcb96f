import Operations
import Testing

@testable import runbook

/// Tokens, completeness, indentation and the kinds of lines.
struct ReplLanguageTests {
    /// The same numbers each time: splitmix64.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    // MARK: Tokens

    private static func written(_ text: String) -> [String] {
        let source = LuaSource(text)
        return source.tokens.map { token in
            let kind =
                switch token.kind {
                case .name: "name"
                case .keyword: "keyword"
                case .number: "number"
                case .string: "string"
                case .comment: "comment"
                case .symbol: "symbol"
                case .unknown: "unknown"
                }
            return "\(kind)\(token.isClosed ? "" : "…") \(source.text(of: token))"
        }
    }

    @Test(arguments: [
        ("local x_1 = endless", ["keyword local", "name x_1", "symbol =", "name endless"]),
        ("0x1p-4 3.e+2 .5 1..2 7", ["number 0x1p-4", "number 3.e+2", "number .5", "number 1..2", "number 7"]),
        ("a.b a..b a...", ["name a", "symbol .", "name b", "name a", "symbol ..", "name b", "name a", "symbol ..."]),
        (
            "a//b>=c<<d~=e~f==g::h:i",
            [
                "name a", "symbol //", "name b", "symbol >=", "name c", "symbol <<", "name d", "symbol ~=", "name e",
                "symbol ~", "name f", "symbol ==", "name g", "symbol ::", "name h", "symbol :", "name i",
            ]
        ),
        (#"'it\'s' "a\"b" x"#, [#"string 'it\'s'"#, #"string "a\"b""#, "name x"]),
        ("\"a\\\nb\" c", ["string \"a\\\nb\"", "name c"]),
        ("\"a\\z  \n  b\" c", ["string \"a\\z  \n  b\"", "name c"]),
        ("\"open\nx", ["string… \"open", "name x"]),
        ("[[a\n]=]]] y", ["string [[a\n]=]]", "symbol ]", "name y"]),
        ("[==[ ]] ]=] ]==] z", ["string [==[ ]] ]=] ]==]", "name z"]),
        ("[=[ ]]", ["string… [=[ ]]"]),
        ("[= x", ["symbol [", "symbol =", "name x"]),
        ("x --[[ a\nb ]] y -- c\nz", ["name x", "comment --[[ a\nb ]]", "name y", "comment -- c", "name z"]),
        ("-- c", ["comment… -- c"]),
        ("--[==[ c ]]", ["comment… --[==[ c ]]"]),
        ("ä + ! ?", ["unknown ä", "symbol +", "unknown !", "unknown ?"]),
        ("\"äöü😀\"x", ["string \"äöü😀\"", "name x"]),
        ("", []), (" \t\r\n", []), ("\\", ["unknown \\"]), ("\"\\", ["string… \"\\"]), ("'\\z", ["string… '\\z"]),
    ]) func sourceIsSplitIntoTokens(text: String, tokens: [String]) {
        #expect(Self.written(text) == tokens)
    }

    @Test(arguments: [
        (#""a\n\t\65\x42\u{e9}\\\"\'""#, "a\n\tAB\u{e9}\\\"'"), ("'plain'", "plain"), ("[[\nlong\n]]", "long\n"),
        ("[==[]]]==]", "]]"), ("\"open", "open"), ("[[open", "open"), (#""a\z   b""#, "ab"),
        (#""\u{110000}""#, "\u{fffd}"),
        (#""\999""#, ""), ("\"a\\\nb\"", "a\nb"), ("\"\\", "\\"),
    ]) func stringsStandForTheirTexts(text: String, value: String) throws {
        let source = LuaSource(text)
        let token = try #require(source.tokens.first)
        #expect(source.tokens.count == 1)
        #expect(source.value(ofString: token) == value)
    }

    @Test func everyByteOfHostileTextBelongsToATokenOrIsSpace() {
        var random = Dice(state: 7)
        let pieces = [
            "[", "[[", "[=", "[==[", "]]", "]=]", "\"", "'", "\\", "\n", "\r\n", "--", "--[[", ".", "..", "0x", "1e+",
            "ä",
            "\u{1F600}", "\u{0}", "a", "end", "{", "}", "(", "=", "~", "?", "\u{7f}",
        ]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let source = LuaSource(text)
            var end = 0
            for token in source.tokens {
                #expect(token.range.lowerBound >= end && !token.range.isEmpty)
                #expect(source.bytes[end..<token.range.lowerBound].allSatisfy { LuaTokenizer.isSpace($0) })
                end = token.range.upperBound
            }
            #expect(source.bytes[end...].allSatisfy { LuaTokenizer.isSpace($0) })
        }
    }

    // MARK: Completeness

    @Test(arguments: [
        "", "  \n", "1+1", "x = 1", "return 5", "users.get(7)", "for i = 1, 3 do print(i) end", "-- only a comment",
        "=1+1", "a, b", ".mode live", ".quit", "  .help me", "?", "?users.unlock", "??users.patch", "users.unlock?",
        // Mistakes that no further line can mend.
        ")", "if x the", "x = = 1", "print(\"open", "foo bar", "x !", "if x then foo bar", "for i = 1, 2 do foo bar\n",
        "local t = [[\n]] ]]", "1 2", "'a\nb'",
    ]) func enterEndsWhatIsWholeOrHopeless(text: String) {
        #expect(StatementParser.isComplete(text))
    }

    @Test(arguments: [
        "if x then", "for i = 1, 3 do", "function f()", "local function f(a,", "x =", "1 +", "{ 1,", "f(", "a.",
        "[[long",
        "--[[ comment", "\"line \\", "repeat print(1)", "users.each { locked = true,", "return", "=1 +", "not", "#",
        "local x <const>", "users.patch(7, {\n  role = \"a\",\n", "\"a\\z",
    ]) func enterGoesOnWithWhatIsUnfinished(text: String) {
        // `return` and `local x <const>` stand for themselves.
        let isWhole = ["return", "local x <const>"].contains(text)
        #expect(StatementParser.isComplete(text) == isWhole)
    }

    @Test func longTextsAreJudgedByTheirBracketsAndBlocks() {
        let line = "x = { 1, 2, 3 } -- and so on\n"
        let whole = String(repeating: line, count: StatementParser.compileLimit / line.utf8.count + 2)
        #expect(whole.utf8.count > StatementParser.compileLimit)
        #expect(StatementParser.isComplete(whole))
        for opening in ["if x then\n", "f(", "t = {", "[[", "repeat ", "function f()", "--[["] {
            #expect(!StatementParser.isComplete(whole + opening), "\(opening)")
        }
        for closing in [
            "end", ")", "until x", "if x then end", "x -- comment", "while x do if y then elseif z then else end end",
        ] {
            #expect(StatementParser.isComplete(whole + closing), "\(closing)")
        }
    }

    @Test func aMegabyteIsTokenizedInTimeInProportion() {
        // What takes the square of the length would not end while the tests run.
        let size = 1 << 20
        for piece in [
            "[=", "[", "--[=", "--[==", "{x=", "\"", "\\", "a.b.c ", "]]", "[[", "end ", "x=\"password\" ",
            "x = \"password\"\n",
            "?", "=", "( ", "} ) ", "if x then ", "function(",
        ] {
            let text = String(repeating: piece, count: size / piece.utf8.count)
            #expect(LuaTokenizer(Array(text.utf8)).reduce(0) { $0 + $1.range.count } <= text.utf8.count)
            let shorter = String(decoding: text.utf8.prefix(size / 8), as: UTF8.self)
            _ = StatementParser.isComplete(shorter)
            _ = StatementParser.indentation(shorter)
            _ = LuaPath.before(shorter.utf8.count, in: shorter)
        }
    }

    // MARK: Indentation

    @Test(arguments: [
        ("x = 1", ""), ("if x then", "    "), ("if x then\n    y()", "    "),
        ("if x then\n    for i = 1, 2 do", "        "),
        ("if x then\nelse", "    "), ("if x then\n    y()\nelseif z then", "    "), ("if x then y() end", ""),
        ("f {", "    "), ("f { a = { 1 },", "    "),
        ("parallel(users.each { locked = true }, 8, function(user)", "    "),
        ("  repeat", "      "), ("t = { -- list", "    "), ("x = [[\n  a", ""), ("--[[ if x then", ""),
        (".watch 5 {", ""),
        ("?x", ""), ("while a do\n  local f = function()\n    g()\n  end", "    "), ("f(\n    a,\n    b)", ""),
        ("end end if x then", "    "), ("\tif x then", "\t    "), ("if \"ä(\" then", "    "),
    ]) func newLinesAreIndentedByOpenBlocks(text: String, indentation: String) {
        #expect(StatementParser.indentation(text) == indentation)
    }

    // MARK: Lines

    @Test(arguments: [
        ("", TypedLine.empty), ("  \n ", .empty), ("-- note", .empty), ("--[[ a ]] -- b", .empty),
        ("1+1", .code(source: "1+1", isExpression: true)), ("= 1+1", .code(source: " 1+1", isExpression: true)),
        ("x = 1", .code(source: "x = 1", isExpression: false)),
        ("users.list()", .code(source: "users.list()", isExpression: true)),
        ("a, b", .code(source: "a, b", isExpression: true)),
        ("return 5", .code(source: "return 5", isExpression: false)), (")", .code(source: ")", isExpression: false)),
        ("-- note\n5", .code(source: "-- note\n5", isExpression: true)),
        (".5 + 1", .code(source: ".5 + 1", isExpression: true)), ("..x", .code(source: "..x", isExpression: false)),
        (".mode live", .command(name: "mode", arguments: "live")),
        ("  .load  a b.lua  x=1 \n", .command(name: "load", arguments: "a b.lua  x=1")),
        (".quit", .command(name: "quit", arguments: "")),
        (".json\nusers.get(7)", .command(name: "json", arguments: "users.get(7)")),
        ("?users.unlock", .help("users.unlock")), ("? users", .help("users")), ("?", .help("")),
        ("?? users.patch", .source("users.patch")), ("??", .source("")), ("users.unlock?", .help("users.unlock")),
        ("users.patch??", .source("users.patch")), ("x ? y", .code(source: "x ? y", isExpression: false)),
        ("\"a?\"", .code(source: "\"a?\"", isExpression: true)),
    ]) func linesAreToldApart(text: String, line: TypedLine) {
        #expect(TypedLine.parse(text) == line)
    }

    // MARK: Paths

    private static func path(_ keys: [PathKey]?, _ access: LuaPath.Access, _ partial: String) -> String {
        "\(keys.map { $0.map { "\($0)" }.joined(separator: " ") } ?? "unknown") | \(access) | \(partial)"
    }

    @Test(
        arguments: [
            ("u.role.na", [.name("u"), .name("role")], .field, "na"), ("u.", [.name("u")], .field, ""),
            ("us", [], .name, "us"),
            ("", [], .name, ""), ("x = list[1].lo", [.name("list"), .index(1)], .field, "lo"),
            ("u[\"ro", [.name("u")], .key(quote: "\""), "ro"), ("u['ro", [.name("u")], .key(quote: "'"), "ro"),
            ("u[\"a\"].b", [.name("u"), .name("a")], .field, "b"), ("s:up", [.name("s")], .method, "up"),
            ("f(x).na", nil, .field, "na"), ("a .. b", [], .name, "b"), ("a..b.c", [.name("b")], .field, "c"),
            ("print(u . ro", [.name("u")], .field, "ro"), ("x:y().z", nil, .field, "z"), ("x:y.z", nil, .field, "z"),
            ("t[i].z", nil, .field, "z"),
            ("t[1][2][\"c\"]:d", [.name("t"), .index(1), .index(2), .name("c")], .method, "d"),
            ("-- a\nu.x", [.name("u")], .field, "x"), ("x = 1 ", [], .name, ""), ("\"a\" .. u.é", nil, .name, ""),
            ("u -- c\n.x", [.name("u")], .field, "x"), ("return u.end", [.name("u")], .field, "end"),
        ] as [(String, [PathKey]?, LuaPath.Access, String)])
    func thePathBeforeTheCursorIsFound(text: String, keys: [PathKey]?, access: LuaPath.Access, partial: String) {
        let found = LuaPath.before(text.utf8.count, in: text)
        if text.hasSuffix("é") {
            #expect(found == nil)
            return
        }
        #expect(found.map { Self.path($0.keys, $0.access, $0.partial) } == Self.path(keys, access, partial))
        #expect(found.map { $0.range } == text.utf8.count - partial.utf8.count..<text.utf8.count)
    }

    @Test(arguments: ["\"u.ro", "-- u.ro", "--[[ u.ro", "1", "0x", "x = 1.", "'", "f { \"a"])
    func thereIsNoPathInStringsCommentsAndNumbers(text: String) {
        #expect(LuaPath.before(text.utf8.count, in: text) == nil)
    }

    @Test func thePathStopsAtTheCursor() {
        let text = "print(ü, \"ä\" .. u.role.name)"
        let cursor = text.utf8.count - 3
        let path = LuaPath.before(cursor, in: text)
        #expect(path?.keys == [.name("u"), .name("role")])
        #expect(path?.partial == "na")
        #expect(path?.range == cursor - 2..<cursor)
    }
}
