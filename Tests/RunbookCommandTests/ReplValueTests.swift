import Operations
import RunbookHost
import Testing

@testable import runbook

/// What is shown of values, and what is not.
@Suite("What is shown of values")
struct ReplValueTests {
    private typealias Samples = ReplValueSamples

    private static func text(_ value: ShownValue, as form: ValueForm = .natural, width: Int? = 80) -> String {
        var style = ScreenStyle()
        style.width = width
        return ValuePrinter(style: style).text(of: [value], as: form)
    }

    /// Texts made to do harm, or to look like something else.
    private static let hostile = [
        "\u{1b}[2J\u{1b}[31mred", "a\u{202e}txt.exe", "\u{9b}31m", "\u{7}\u{8}\u{7f}\u{0}", "a\r\nb\rc",
        "\u{2028}\u{2029}",
        "x\u{200b}\u{200d}y\u{feff}", "\u{e0041}\u{e0042}", "e" + String(repeating: "\u{301}", count: 500),
        "\u{202e}", "\u{301}", "李小龙👩‍🚀👩‍🚀", "\tx\t", "\u{1b}]0;title\u{7}", "\u{1b}P1\u{1b}\\", "| a | b |", "\u{3164}",
    ]

    @Test("no control character, nothing hidden and nothing that turns text round reaches the screen")
    func hostileValues() {
        for text in Self.hostile {
            let string = Samples.string(text)
            let entry = ShownValue.Entry(key: string, value: string)
            let values: [ShownValue] = [
                string, .list([string, string], count: 9), .table([entry], count: 9), .opaque(text), .float(text),
                .bytes(text, bytes: 3), Samples.list([.table([entry], count: 1), .table([entry], count: 2)]),
                .table([.init(key: .opaque(text), value: .table([entry], count: 1))], count: 1),
            ]
            for value in values {
                for form in ValueForm.allCases {
                    for width in [nil, 10, 80] as [Int?] {
                        let shown = Self.text(value, as: form, width: width)
                        let bad = shown.unicodeScalars.first { scalar in
                            switch scalar.properties.generalCategory {
                            case .control: scalar != "\n" && scalar != "\t"
                            case .lineSeparator, .paragraphSeparator: true
                            // What joins pictures is needed.
                            case .format: scalar != "\u{200d}"
                            default: false
                            }
                        }
                        #expect(bad == nil, "\(form) of \(text.debugDescription): \(shown.debugDescription)")
                    }
                }
            }
        }
    }

    @Test("a name cannot look like another one")
    func lookalikes() {
        for text in ["admin\u{200d}", "admin\u{200b}", "ad\u{ad}min", "admin\u{fe0f}", "admin\u{3164}", "admin\u{34f}"]
        {
            #expect(Self.text(Samples.string(text)) != "admin\n")
            #expect(Self.text(Samples.object(["login": Samples.string(text)])) != "login  admin\n")
        }
        // Nothing is wrong with these.
        for text in ["مدیر\u{200c}ها", "👩‍🚀", "❤️", "ملف", "José", "한국어"] {
            #expect(Self.text(Samples.string(text)) == text + "\n")
        }
    }

    @Test("a line end in a cell stays in the cell")
    func lineEnds() {
        let rows = Samples.list(
            ["one\ntwo", "x\r\ny"].map { Samples.object(["a": Samples.string($0), "b": .integer(1)]) })
        #expect(
            Self.text(rows) == """
                a           b
                "one\\ntwo"  1
                "x\\r\\ny"    1
                2 rows

                """)
    }

    @Test("strings have quotes only where they could be something else")
    func quotes() {
        let texts = [
            "plain text": "plain text", "": "\"\"", "7": "\"7\"", "1e5": "\"1e5\"", "0x1F": "\"0x1F\"",
            "nan": "\"nan\"",
            "true": "\"true\"", "nil": "\"nil\"", "null": "\"null\"", "‹secret›": "\"‹secret›\"", " x": "\" x\"",
            "x ": "\"x \"", "a, b": "a, b", "{x}": "\"{x}\"", "\"x\"": "\"\\\"x\\\"\"", "a\tb": "\"a\\tb\"", "7a": "7a",
            "2024-05-01": "2024-05-01", "\u{1b}": "\"\\x1b\"", "a\u{202e}": "\"a\\u{202e}\"", "C:\\x": "C:\\x",
        ]
        for (text, shown) in texts {
            #expect(InlineText().text(of: Samples.string(text), room: 80).rendered(ScreenStyle()) == shown)
        }
        for (text, shown) in ["a, b": "\"a, b\"", "a=b": "\"a=b\"", "}": "\"}\"", "a b": "a b"] {
            let list = Samples.strings([text])
            #expect(InlineText().text(of: list, room: 80).rendered(ScreenStyle()) == "{\(shown)}")
        }
    }

    @Test("no more columns are taken than there are, and what is left out is counted")
    func room() {
        let values = ReplValueSamples.all.flatMap(\.values) + Self.hostile.map(Samples.string)
        for value in values {
            for room in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 1_000] {
                let text = InlineText().text(of: value, room: room)
                let shown = text.rendered(ScreenStyle())
                #expect(text.columns <= room && text.columns == shown.columns, "\(room): \(shown)")
                #expect(!shown.isEmpty || !value.hasParts)
                if !text.isCut, room < 1_000 {
                    // What is whole is the same with more room.
                    #expect(InlineText().text(of: value, room: 1_000).rendered(ScreenStyle()) == shown)
                }
            }
        }
        func inline(_ room: Int) -> String {
            InlineText().text(of: Samples.strings(["one", "two", "three", "four"]), room: room).rendered(ScreenStyle())
        }
        #expect(inline(23) == "{one, two, three, four}")
        #expect(inline(22) == "{one, two, … 2 more}")
        #expect(inline(17) == "{one, … 3 more}")
        #expect(inline(10) == "{… 4 more}")
        #expect(inline(4) == "{…}")
    }

    @Test("of a long text its beginning and its length are shown")
    func longTexts() {
        let text = String(repeating: "0123456789", count: 100)
        func inline(_ value: ShownValue, _ room: Int) -> String {
            InlineText().text(of: value, room: room).rendered(ScreenStyle())
        }
        #expect(inline(Samples.string(text), 30) == "012345678901234… (1,000 bytes)")
        #expect(inline(.string("beginning", bytes: 10_485_760), 40) == "beginning… (10,485,760 bytes)")
        #expect(inline(.string("beginning", bytes: 10_485_760), 12) == "beginning…")
        #expect(inline(.bytes("\\xff\\\\a", bytes: 3), 40) == "\"\\xff\\\\a\"")
        #expect(inline(.bytes("\\xff\\\\a", bytes: 4_000), 40) == "\"\\xff\\\\a… (4,000 bytes)")
        #expect(Self.text(.string("beginning", bytes: 10_485_760)) == "beginning… (10,485,760 bytes)\n")
    }

    @Test("secrets are never more than their sign")
    func secrets() {
        let value = Samples.list([Samples.object(["password": .secret]), Samples.object(["password": .secret])])
        for form in ValueForm.allCases { #expect(Self.text(value, as: form).contains("‹secret›")) }
        #expect(Self.text(value) == "password\n‹secret›\n‹secret›\n2 rows\n")
    }

    @Test("what a list has too much is counted")
    func counted() {
        let rows = (0..<1_500).map { Samples.object(["id": .integer(Int64($0))]) }
        let lines = Self.text(.list(rows, count: 3_512)).split(separator: "\n")
        #expect(lines.count == 1_002 && lines.last == "1,000 of 3,512 rows shown")
        let values = Self.text(.list((0..<5).map { .integer($0) }, count: 6)).split(separator: "\n")
        #expect(values.last == "5 of 6 values shown")
        let fields = (0..<3).map { ShownValue.Entry(key: Samples.string("k\($0)"), value: .integer($0)) }
        #expect(Self.text(.table(fields, count: 10)).split(separator: "\n").last == "… 7 more")
        #expect(Self.text(.table(fields, count: 10), as: .expanded).split(separator: "\n").last == "… 7 more")
    }

    @Test("columns that do not fit are named")
    func leftOut() {
        let users = Samples.list((0..<3).map(Samples.user))
        let note = Self.text(users).split(separator: "\n").last
        #expect(note == "3 rows; 3 more columns: email, authentication, locale; .expand shows everything")
        #expect(!Self.text(users, width: nil).contains("more column"))
        #expect(Self.text(users, width: 40).split(separator: "\n").last == "3 rows; 5 more columns: .expand")
    }

    @Test("the expanded form leaves nothing out")
    func expanded() {
        let text = Self.text(Samples.list((0..<8).map(Samples.user)), as: .expanded)
        for privilege in Samples.privileges.prefix(10) { #expect(text.contains(privilege)) }
        #expect(!text.contains("…"))
        let lines = (1...300).map { "line \($0)" }.joined(separator: "\n")
        let field = Samples.object(["source": Samples.string(lines)])
        #expect(Self.text(field, as: .expanded).split(separator: "\n").count == 300)
        #expect(Self.text(field).split(separator: "\n").count == 11)
        #expect(Self.text(field).split(separator: "\n").last == "        … (2,591 bytes)")
    }

    @Test("JSON keeps the order of keys and says what is missing, and is JSON")
    func json() throws {
        let value = ShownValue.list(
            [
                .table(
                    [
                        .init(key: Samples.string("b"), value: .float("1e+15")),
                        .init(key: Samples.string("a"), value: .string("x\"\u{1b}", bytes: 500)),
                        .init(key: .integer(1), value: .float("nan")),
                    ], count: 5), .secret, .nothing,
            ], count: 9)
        #expect(
            Self.text(value, as: .json) == """
                [
                  {
                    "b": 1e+15,
                    "a": "x\\"\\u001b… (500 bytes)",
                    "1": "nan",
                    "…": "… 2 more"
                  },
                  "‹secret›",
                  null,
                  "… 6 more"
                ]

                """)
    }

    @Test("JSON of what was not cut is read back as the same")
    func jsonAgain() throws {
        for sample in ReplValueSamples.all {
            for value in sample.values where value.isWhole {
                let text = Self.text(value, as: .json)
                #expect(try JSONValue(parsing: text) == value.json, "\(sample.statement)")
            }
        }
        for text in Self.hostile {
            #expect(try JSONValue(parsing: Self.text(Samples.string(text), as: .json)) == .string(text))
        }
    }

    @Test("a value of any size is shown at once")
    func large() {
        let megabytes = String(repeating: "0123456789", count: 1 << 20)
        let marks = "e" + String(repeating: "\u{301}", count: 1 << 20)
        let lines = String(repeating: "\n", count: 10 << 20)
        let numbers = Samples.list((0..<100_000).map { .integer($0) })
        let objects = Samples.list((0..<100_000).map { Samples.object(["id": .integer($0), "numbers": .integer($0)]) })
        var values = [numbers, objects, Samples.object(["numbers": numbers, "objects": objects])]
        for text in [megabytes, marks, lines] {
            let string = Samples.string(text)
            values += [string, Samples.object(["id": .integer(1), "text": string]), Samples.list([string, string])]
            values.append(Samples.list([Samples.object(["text": string]), Samples.object(["text": string])]))
        }
        let clock = ContinuousClock()
        for value in values {
            for form in [ValueForm.natural, .table] {
                for width in [nil, 80] as [Int?] {
                    var size = 0
                    let time = clock.measure { size = Self.text(value, as: form, width: width).utf8.count }
                    #expect(size < 400_000)
                    // Many times what it takes, and little beside what all of the value would take.
                    #expect(time < .seconds(5))
                }
            }
        }
    }

    @Test("texts are wrapped at blanks, and where there are none")
    func wrapped() {
        #expect(TextWrap(columns: 10).lines(of: "one two three four") == ["one two", "three four"])
        #expect(TextWrap(columns: 5).lines(of: "abcdefghijkl") == ["abcde", "fghij", "kl"])
        #expect(TextWrap(columns: 5).lines(of: "用户清理") == ["用户", "清理"])
        #expect(TextWrap(columns: nil).lines(of: "a\tb\n\nc\n") == ["a   b", "", "c"])
        #expect(TextWrap(columns: 1).lines(of: "用a") == ["用", "a"])
        #expect(TextWrap(columns: 10).lines(of: "") == [""])
    }
}

extension ShownValue {
    /// Whether nothing of it was cut.
    fileprivate var isWhole: Bool {
        switch self {
        case .string(let text, let bytes): text.utf8.count == bytes
        case .list(let elements, let count): elements.count == count && elements.allSatisfy(\.isWhole)
        case .table(let entries, let count): entries.count == count && entries.allSatisfy { $0.value.isWhole }
        case .cycle, .omitted, .bytes: false
        default: true
        }
    }
}
